import { edgeCertificate, edgeCertificateList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";

let harness: ControlPlaneHarness;
let caSetId: string;
beforeAll(async () => {
  harness = await ControlPlaneHarness.start();
  await harness.connectLocalNodes();
  caSetId = await harness.createVersion([pki.root("Root")]);
  await harness.activateOnBoth(caSetId);
});
afterAll(() => harness.remove());

const pki = testPki();
const bind = (hostnames: readonly string[], changes: object = {}) =>
  harness.ask("POST", "/edge-certificates", { body: { hostnames, clientAuthentication: { caSetId, ...changes } } });

describe("binding hostnames to a set", () => {
  test("is answered with what is bound, and proved by every node", async () => {
    const answer = await bind(["Shop.Example", "*.shop.example", "shop.example"], { sendCaListToClient: true });
    const created = expectStatus(answer, 201, edgeCertificate);
    const path = `/edge-certificates/${created.edgeCertificateId}`;
    expect(answer.headers.location).toBe(`/mtls-edge-truststore/v2${path}`);
    expect(created).toMatchObject({
      hostnames: ["*.shop.example", "shop.example"],
      clientAuthentication: { caSetId, mode: "deny", sendCaListToClient: true },
      createdBy: "token-1",
    });
    await expect
      .poll(async () => (await harness.get(edgeCertificate, path)).production.status, { timeout: 120_000 })
      .toBe("COMPLETE");
    const { edgeCertificates } = await harness.get(edgeCertificateList, "/edge-certificates");
    expect(edgeCertificates.map(({ edgeCertificateId }) => edgeCertificateId)).toContain(created.edgeCertificateId);
  });

  test("waits for no node that is drained, or whose certificate has run out unrenewed", async () => {
    const brief = 3_600_000;
    await harness.enrol("gone", "STAGING", brief);
    await harness.enrol("drained", "PRODUCTION");
    const { edgeCertificateId } = expectStatus(await bind(["nobody.example"]), 201, edgeCertificate);
    const look = () => harness.get(edgeCertificate, `/edge-certificates/${edgeCertificateId}`);
    await expect.poll(async () => (await look()).production.percentComplete).toBe(50);
    await harness.drain("drained");
    expect((await look()).production.status).toBe("COMPLETE");
    await expect.poll(async () => (await look()).staging.percentComplete).toBe(50);
    harness.clock.advance(brief + 1);
    expect((await look()).staging).toMatchObject({ status: "COMPLETE", percentComplete: 100 });
  });

  test("needs the set on both networks, and says where it is missing", async () => {
    const other = await harness.createVersion([pki.root("Only staging")]);
    await harness.ended(await harness.activate(other, 1, "STAGING"));
    const answer = await bind(["both.example"], { caSetId: other });
    expect(refusal(answer)).toEqual([409, "ca-set-not-on-both-networks"]);
    expect(problemOf(answer).contextInfo).toMatchObject({ caSetId: other, missingNetworks: ["PRODUCTION"] });
    expect(refusal(await bind(["both.example"], { caSetId: "99999" }))).toEqual([404, "ca-set-not-found"]);
  });

  test("a hostname belongs to one edge certificate, in whatever case, also when asked for twice at once", async () => {
    const answers = await Promise.all([bind(["one.example"]), bind(["ONE.example", "two.example"])]);
    expect(answers.map(({ status }) => status).toSorted((x, y) => x - y)).toEqual([201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    if (refused === undefined) throw new Error("one is refused");
    expect(problemOf(refused)).toMatchObject({
      slug: "hostname-already-bound",
      contextInfo: { hostname: "one.example" },
    });
  });

  test.each([
    "ca-set-1.tcm.internal",
    "TCM.internal",
    "*.tcm.internal",
    "under_score.example",
    "-dash.example",
    "two..dots",
    "dot.example.",
    "a.*.example",
    "ex ample",
    "пример.рф",
    "host:443",
    "192.0.2.1",
    "2001:db8::1",
    "[2001:db8::1]",
    `${"a".repeat(64)}.example`,
  ])("refuses the hostname %s and points at it", async (hostname) => {
    const answer = await bind(["fine.example", hostname]);
    expect(refusal(answer)).toEqual([400, "invalid-field"]);
    expect(problemOf(answer)).toMatchObject({ pointer: "/hostnames/1", contextInfo: { parameterName: "hostnames" } });
    expect((await bind(["fine.example"], { mode: "off" })).status).toBe(400);
  });

  test("says of a hostname how one is written, and of an address that no client sends it", async () => {
    expect(problemOf(await bind(["shop.example."])).detail).toContain("no dot at the end");
    expect(problemOf(await bind(["192.0.2.1"])).detail).toContain("give the hostname");
  });

  test.each([
    ["no hostname", { hostnames: [] }],
    ["101 hostnames", { hostnames: Array.from({ length: 101 }, (_, i) => `h${i}.example`) }],
    ["an upstream, which is the node's own affair", { hostnames: ["up.example"], upstream: "http://127.0.0.1" }],
  ])("refuses %s", async (_what, changes) => {
    const body = { clientAuthentication: { caSetId }, ...changes };
    const answer = await harness.ask("POST", "/edge-certificates", { body });
    expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
  });

  test("names that no handshake can carry are not promised, neither of what is active nor of what is coming", async () => {
    const long = Array.from({ length: 300 }, (_, i) => pki.root(`${"x".repeat(60)}${i}`, { subject: longName(i) }));
    const id = await harness.createVersion([pki.root("Short")]);
    await harness.activateOnBoth(id);
    await harness.createVersion(long, {}, id);
    const names = { caSetId: id, sendCaListToClient: true };
    const silent = await harness.enrol("silent", "STAGING");
    const begun = await harness.activate(id, 2, "STAGING");
    expect(begun.activationStatus).toBe("IN_PROGRESS");
    const coming = await bind(["names.example"], names);
    expect(problemOf(coming)).toMatchObject({ slug: "invalid-field", contextInfo: { network: "STAGING", version: 2 } });
    await harness.drain(silent.nodeId);
    await harness.ask("POST", `/${begun.activationLink.split("/v2/")[1] ?? ""}/cancel`);
    expect((await bind(["names.example"], names)).status).toBe(201);
    const deploy = await harness.ask("POST", `/ca-sets/${id}/versions/2/activate`, { body: { network: "STAGING" } });
    expect(refusal(deploy)).toEqual([400, "certificate-validation-failure-activate"]);
    expect(problemOf(deploy).errors?.map(({ type }) => type.split("/").at(-1))).toEqual(["ca-list-too-large"]);
  });
});

function longName(i: number) {
  return { O: "o".repeat(64), OU: "u".repeat(64), L: "l".repeat(100), CN: `${"c".repeat(50)}${i}` };
}

describe("a set in use", () => {
  test("is not taken off a network, and its users are listed as mETS lists them", async () => {
    const id = await harness.createVersion([pki.root("Used")]);
    await harness.activateOnBoth(id);
    const bound = expectStatus(await bind(["used.example"], { caSetId: id }), 201, edgeCertificate);
    const off = () => harness.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network: "PRODUCTION" } });
    const answer = await off();
    expect(refusal(answer)).toEqual([409, "ca-set-in-use-by-enrollments"]);
    expect(problemOf(answer).contextInfo).toMatchObject({
      caSetId: id,
      network: "PRODUCTION",
      associations: {
        enrollments: [
          { cn: "used.example", enrollmentId: bound.edgeCertificateId, stagingSlots: [], productionSlots: [] },
        ],
        properties: [],
      },
    });
    const gone = await harness.ask("DELETE", `/edge-certificates/${bound.edgeCertificateId}?confirm=true`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect((await off()).status).toBe(202);
    const path = `/edge-certificates/${bound.edgeCertificateId}`;
    for (const method of ["GET", "DELETE"])
      expect(refusal(await harness.ask(method, path))).toEqual([404, "edge-certificate-not-found"]);
  });

  test("and one that is being taken off cannot be bound", async () => {
    const id = await harness.createVersion([pki.root("Leaving")]);
    await harness.activateOnBoth(id);
    await harness.enrol("slow", "STAGING");
    const off = await harness.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network: "STAGING" } });
    expect(off.status).toBe(202);
    const answer = await bind(["leaving.example"], { caSetId: id });
    expect(refusal(answer)).toEqual([409, "another-deactivation-request-in-progress-in-the-ca-set"]);
    await harness.drain("slow");
  });
});
