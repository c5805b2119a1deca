import { activationNodes, edgeCertificate, type EdgeCertificateView, edgeNode } from "@tcm/api-contract";
import { networks } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { type FakeNode, proves, staysSilent } from "../testing/fake-node.ts";

const root = testPki().root("Edge Root");
const other = testPki().root("Other Edge Root");

let plane: ControlPlaneHarness;
let nodes: readonly FakeNode[];
let set: string;
let otherSet: string;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  nodes = await plane.connectLocalNodes();
  set = await plane.createVersion([root]);
  otherSet = await plane.createVersion([other]);
  await plane.activateOnBoth(set);
  await plane.activateOnBoth(otherSet);
});
afterAll(() => plane.remove());

let names = 0;
async function bind(changes: object = {}): Promise<{ readonly view: EdgeCertificateView; readonly etag: string }> {
  const body = { hostnames: [`h${++names}.edge.example`], clientAuthentication: { caSetId: set, ...changes } };
  const answer = await plane.ask("POST", "/edge-certificates", { body });
  return { view: expectStatus(answer, 201, edgeCertificate.strict()), etag: answer.headers.etag ?? "" };
}

const patch = (id: number, body: object, headers: Record<string, string> = {}) =>
  plane.ask("PATCH", `/edge-certificates/${id}?confirm=true`, { body, headers });

/** What both networks are told to serve, once they have heard of that generation. */
async function served(view: EdgeCertificateView): Promise<readonly unknown[]> {
  const entryId = `edge-certificate/${view.edgeCertificateId}`;
  const contents: unknown[] = [];
  for (const node of nodes) {
    const { generation } = node.account.network === "STAGING" ? view.staging : view.production;
    const isNew = () => {
      const told = node.newest(entryId)?.entry.generation;
      return told !== undefined && `${told.epoch}.${told.number}` === generation;
    };
    await node.until(isNew);
    contents.push(node.newest(entryId)?.entry.content);
  }
  return contents;
}

describe("PATCH /edge-certificates/{id}", () => {
  test("is a deployment to both networks; what is left out stays as it is", async () => {
    const { view } = await bind();
    const answer = await patch(view.edgeCertificateId, { clientAuthentication: { mode: "observe" } });
    const changed = expectStatus(answer, 200, edgeCertificate.strict());
    expect(changed.clientAuthentication).toEqual({ ...view.clientAuthentication, mode: "observe" });
    expect(changed).toMatchObject({ hostnames: view.hostnames, modifiedBy: "token-1" });
    expect(changed.staging.generation).not.toBe(view.staging.generation);
    for (const content of await served(changed)) expect(content).toMatchObject({ mode: "observe", caSetId: set });
  });

  test("binds to another set, which is in use from then on while the first one is not", async () => {
    const { view } = await bind();
    const answer = await patch(view.edgeCertificateId, {
      hostnames: ["Renamed.Edge.Example"],
      clientAuthentication: { caSetId: otherSet, sendCaListToClient: true },
    });
    const changed = expectStatus(answer, 200, edgeCertificate);
    expect(changed).toMatchObject({ hostnames: ["renamed.edge.example"] });
    for (const content of await served(changed))
      expect(content).toMatchObject({
        caSetId: otherSet,
        sendCaListToClient: true,
        hostnames: ["renamed.edge.example"],
      });
    const used = await plane.ask("GET", `/ca-sets/${otherSet}/associations?associationType=enrollments`);
    expect(used.text).toContain(`"enrollmentId":${view.edgeCertificateId}`);
    const free = await plane.ask("GET", `/ca-sets/${set}/associations?associationType=enrollments`);
    expect(free.text).not.toContain(`"enrollmentId":${view.edgeCertificateId},`);
  });

  test("notices that somebody else was there in between", async () => {
    const { view, etag } = await bind();
    const read = await plane.ask("GET", `/edge-certificates/${view.edgeCertificateId}`);
    expect(read.headers.etag).toBe(etag);
    const observe = { clientAuthentication: { mode: "observe" } };
    const first = await patch(view.edgeCertificateId, observe, { "if-match": etag });
    expect(first.status).toBe(200);
    const second = await patch(view.edgeCertificateId, observe, { "if-match": etag });
    expect(refusal(second)).toEqual([412, "precondition-failed"]);
    const headers = { "if-match": etag };
    const gone = await plane.ask("DELETE", `/edge-certificates/${view.edgeCertificateId}?confirm=true`, { headers });
    expect(refusal(gone)).toEqual([412, "precondition-failed"]);
    const fresh = { "if-match": first.headers.etag };
    const done = await plane.ask("DELETE", `/edge-certificates/${view.edgeCertificateId}?confirm=true`, {
      headers: fresh,
    });
    expect(done.status).toBe(204);
  });

  test("lets one of many win who change it at the same time from the same state", async () => {
    const { view, etag } = await bind();
    const answers = await Promise.all(
      ["observe", "deny", "observe", "deny"].map((mode) =>
        patch(view.edgeCertificateId, { clientAuthentication: { mode } }, { "if-match": etag }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412]);
  });

  test("refuses revocation by lists, which no edge checks yet, and takes off", async () => {
    const { view } = await bind({ revocation: "off" });
    expect(view.clientAuthentication.revocation).toBe("off");
    const answer = await patch(view.edgeCertificateId, { clientAuthentication: { revocation: "crl" } });
    expect(refusal(answer)).toEqual([422, "revocation-not-available"]);
    expect(problemOf(answer)).toMatchObject({
      pointer: "/clientAuthentication/revocation",
      contextInfo: { parameterName: "revocation", invalidParameterValue: "crl", allowedValues: ["off"] },
    });
    const hostnames = ["crl.edge.example"];
    const body = { hostnames, clientAuthentication: { caSetId: set, revocation: "crl" } };
    expect(refusal(await plane.ask("POST", "/edge-certificates", { body }))).toEqual([422, "revocation-not-available"]);
    body.clientAuthentication.revocation = "ocsp";
    expect(refusal(await plane.ask("POST", "/edge-certificates", { body }))).toEqual([
      400,
      "json-schema-validation-error",
    ]);
  });

  test("refuses sets that are nowhere, hostnames of others, unknown fields and unknown certificates", async () => {
    const { view } = await bind();
    const { view: neighbour } = await bind();
    const id = view.edgeCertificateId;
    const inactive = await plane.createVersion([root]);
    const answers = [
      await patch(id, { clientAuthentication: { caSetId: inactive } }),
      await patch(id, { clientAuthentication: { caSetId: "999999" } }),
      await patch(id, { hostnames: neighbour.hostnames }),
      await patch(id, { hostnames: ["no spaces"] }),
      await patch(id, { hostnames: [] }),
      await patch(id, { upstream: "http://127.0.0.1" }),
      await patch(999_999, {}),
    ];
    expect(answers.map(refusal)).toEqual([
      [409, "ca-set-not-on-both-networks"],
      [404, "ca-set-not-found"],
      [409, "hostname-already-bound"],
      [400, "invalid-field"],
      [400, "json-schema-validation-error"],
      [400, "json-schema-validation-error"],
      [404, "edge-certificate-not-found"],
    ]);
    const after = await plane.get(edgeCertificate, `/edge-certificates/${id}`);
    expect(after.staging.generation).toBe(view.staging.generation);
  });
});

describe("PATCH /edge-nodes/{id}", () => {
  const drain = (nodeId: string, drained: boolean) =>
    plane.ask("PATCH", `/edge-nodes/${nodeId}`, { body: { drained } });

  test("takes a node out of what is under way, on the record, and nothing new waits for it until it is back", async () => {
    await plane.connect(await plane.enrol("late-node", "STAGING"), staysSilent);
    const id = await plane.createVersion([root]);
    const running = await plane.activate(id, 1, "STAGING");
    const before = await plane.get(activationNodes, `/${running.activationLink}/nodes`);
    expect(before.nodes.map(({ nodeId }) => nodeId)).toEqual(["late-node", "staging-edge"]);
    expect(expectStatus(await drain("late-node", true), 200, edgeNode.strict())).toMatchObject({ drained: true });
    expect(await plane.ended(running)).toMatchObject({ activationStatus: "COMPLETE" });
    const after = await plane.get(activationNodes, `/${running.activationLink}/nodes`);
    expect(after.nodes[0]).toMatchObject({ nodeId: "late-node", excludedBy: "token-1" });
    const next = await plane.ended(await plane.activate(await plane.createVersion([other]), 1, "STAGING"));
    const expected = await plane.get(activationNodes, `/${next.activationLink}/nodes`);
    expect(expected.nodes.map(({ nodeId }) => nodeId)).toEqual(["staging-edge"]);
    expect(expectStatus(await drain("late-node", false), 200, edgeNode)).toMatchObject({ drained: false });
    expect((await drain("late-node", true)).status).toBe(200);
  });

  test("lets a deletion go on without the node", async () => {
    const mute = await plane.connect(await plane.enrol("mute-node", "PRODUCTION"), proves);
    const id = await plane.createVersion([root]);
    await plane.activateOnBoth(id);
    for (const network of networks) {
      const off = await plane.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network } });
      await plane.ended(off.body as { activationLink: string });
    }
    mute.habit = staysSilent;
    await plane.ask("DELETE", `/ca-sets/${id}`);
    await drain("mute-node", true);
    const deadline = Date.now() + 120_000;
    for (;;) {
      const status = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
      if (status.status === 200) break;
      if (Date.now() > deadline) throw new Error(status.text);
    }
  });

  test("refuses unknown nodes and anything but drained", async () => {
    expect(refusal(await drain("nobody", true))).toEqual([404, "edge-node-not-found"]);
    const answer = await plane.ask("PATCH", "/edge-nodes/staging-edge", { body: { network: "PRODUCTION" } });
    expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
  });
});
