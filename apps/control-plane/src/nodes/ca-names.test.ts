import { caNamesHeader, edgeCertificate, writeCaNames } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { FakeNode, proves } from "../testing/fake-node.ts";

const pki = testPki();
const short = pki.root("Short");
const wordy = Array.from({ length: 300 }, (_, i) => pki.root(`Wordy ${i}`, { subject: longName(i) }));

function longName(i: number) {
  return { O: "o".repeat(64), OU: "u".repeat(64), L: "l".repeat(100), CN: `${"c".repeat(50)}${i}` };
}

let plane: ControlPlaneHarness;
/** A set of which version 1 is short and active on both networks, and version 2 is too long for any handshake. */
let caSetId: string;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
  caSetId = await plane.createVersion([short]);
  await plane.activateOnBoth(caSetId);
  await plane.createVersion(wordy, {}, caSetId);
});
afterAll(() => plane.remove());

/** A node whose agent says this of its listeners; undefined: one of before it could. */
async function connect(nodeId: string, names: string | undefined): Promise<FakeNode> {
  const account = await plane.enrol(nodeId, "STAGING");
  const headers = names === undefined ? {} : { [caNamesHeader]: names };
  const node = FakeNode.open(plane.controlPlane.nodeUrl, account, proves, headers);
  node.hello();
  await node.until(() => node.messages.some((message) => message.type === "announce" && message.complete));
  return node;
}

async function leave(node: FakeNode): Promise<void> {
  await node.close();
  await plane.drain(node.account.nodeId);
}

const deploy = (network: "STAGING" | "PRODUCTION") =>
  plane.ask("POST", `/ca-sets/${caSetId}/versions/2/activate`, { body: { network } });

describe("names of CAs that no handshake can carry", () => {
  test("are refused before they are deployed, where a listener of a node sends them; the words say whose", async () => {
    const node = await connect("wordy", writeCaNames([`ca-set/${caSetId}`, "edge-certificate/99"]));
    const told = node.announced.length;
    const answer = await deploy("STAGING");
    expect(refusal(answer)).toEqual([400, "certificate-validation-failure-activate"]);
    const [error] = problemOf(answer).errors ?? [];
    expect(error).toMatchObject({ type: expect.stringMatching(/\/ca-list-too-large$/) });
    expect(error?.detail).toMatch(/Sent by node wordy\.$/);
    // Not even tried: nothing was told to anybody.
    expect(node.announced).toHaveLength(told);
    await leave(node);
  });

  test("also where the node cannot tell of which listeners", async () => {
    const node = await connect("every", "*");
    expect(refusal(await deploy("STAGING"))).toEqual([400, "certificate-validation-failure-activate"]);
    const body = { hostnames: ["names.example"], clientAuthentication: { caSetId } };
    const bound = expectStatus(await plane.ask("POST", "/edge-certificates", { body }), 201, edgeCertificate);
    await plane.ask("DELETE", `/edge-certificates/${bound.edgeCertificateId}?confirm=true`);
    await leave(node);
  });

  test.each([
    ["another set", writeCaNames(["ca-set/999"])],
    ["none", writeCaNames([])],
    ["nothing that can be read", "all of them"],
    ["nothing, as older agents", undefined],
  ])("are deployed where listeners send those of %s", async (what, names) => {
    const node = await connect(`sends-${what.length}`, names);
    const answer = await deploy("STAGING");
    expect(answer.status).toBe(202);
    await leave(node);
    expect(await plane.ended(await plane.activate(caSetId, 1, "STAGING"))).toMatchObject({ version: 1 });
  });

  test("are refused of a node with as many listeners as an agent may have", async () => {
    const names = Array.from({ length: 999 }, (_, i) => `edge-certificate/${1_000_000_000 + i}`);
    const node = await connect("many", writeCaNames([...names, `ca-set/${caSetId}`]));
    expect(refusal(await deploy("STAGING"))).toEqual([400, "certificate-validation-failure-activate"]);
    await leave(node);
  });

  test("are deployed when the node that sends them has been drained, or is of the other network", async () => {
    const node = await connect("other-network", "*");
    expect((await deploy("PRODUCTION")).status).toBe(202);
    await leave(node);
    expect((await deploy("STAGING")).status).toBe(202);
  });

  test("a set in force with them is bound to no edge certificate that a node would name them for", async () => {
    const node = await connect("late", "*");
    const body = { hostnames: ["late.example"], clientAuthentication: { caSetId } };
    const answer = await plane.ask("POST", "/edge-certificates", { body });
    expect(problemOf(answer)).toMatchObject({
      slug: "invalid-field",
      contextInfo: { parameterName: "caSetId", network: "STAGING", version: 2, nodes: ["late"] },
    });
    await leave(node);
    const bound = expectStatus(await plane.ask("POST", "/edge-certificates", { body }), 201, edgeCertificate);
    // Whoever is bound already is not kept from letting more clients in, or being bound elsewhere.
    const again = await connect("late", "*");
    const change = { clientAuthentication: { mode: "observe" } };
    const path = `/edge-certificates/${bound.edgeCertificateId}?confirm=true`;
    expect((await plane.ask("PATCH", path, { body: change })).status).toBe(200);
    await leave(again);
  });
});
