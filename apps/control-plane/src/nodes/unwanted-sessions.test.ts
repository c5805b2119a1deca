import { auditPage, edgeNodeList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { FakeNode, staysSilent } from "../testing/fake-node.ts";

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start({ heartbeatIntervalMs: 250 });
});
afterAll(() => plane.remove());

const root = testPki().root("A");

async function audited(action: string) {
  return (await plane.get(auditPage, `/audit?action=${action}`)).records;
}

describe("DELETE /edge-nodes/{id}", () => {
  test("ends the session, voids the certificate, and is on the record", async () => {
    const account = await plane.enrol("leaving", "STAGING");
    const node = await plane.connect(account);
    expect((await plane.ask("DELETE", "/edge-nodes/leaving")).status).toBe(204);
    await node.closed();
    expect(node.goodbye?.reason).toContain("removed");
    await expect(plane.connect(account)).rejects.toThrow();
    const { edgeNodes } = await plane.get(edgeNodeList, "/edge-nodes");
    expect(edgeNodes.map(({ nodeId }) => nodeId)).not.toContain("leaving");
    expect((await audited("REMOVE_NODE"))[0]).toMatchObject({ outcome: "done", subject: { nodeId: "leaving" } });
  });

  test("a deployment that waits for the node goes on without it", async () => {
    await plane.connectLocalNodes();
    await plane.connect(await plane.enrol("hanging", "STAGING"), staysSilent);
    const id = await plane.createVersion([root]);
    const begun = await plane.activate(id, 1, "STAGING");
    await plane.ask("DELETE", "/edge-nodes/hanging");
    expect(await plane.ended(begun)).toMatchObject({ activationStatus: "COMPLETE" });
  });

  test("what a removed node still said does not disturb the others", async () => {
    const node = await plane.connect(await plane.enrol("talking", "STAGING"), staysSilent);
    const id = await plane.createVersion([root]);
    await plane.activate(id, 1, "STAGING");
    await node.until(() => node.newest(`ca-set/${id}`) !== undefined);
    const entry = node.newest(`ca-set/${id}`)?.entry;
    if (entry === undefined) throw new Error("told above");
    const removing = plane.ask("DELETE", "/edge-nodes/talking");
    for (let i = 0; i < 50; i++) node.reports(entry, "applied");
    await removing;
    await node.closed();
    expect(plane.log).not.toContain("reports of nodes could not be recorded");
  });

  test("a node that is not there is not found", async () => {
    expect((await plane.ask("DELETE", "/edge-nodes/nobody")).status).toBe(404);
  });
});

describe("a certificate that runs out", () => {
  test("ends the session that was opened with it; the node is shown so, and no deployment waits for it", async () => {
    await plane.connectLocalNodes();
    const account = await plane.enrol("runs-out", "STAGING", 60_000);
    const node = await FakeNode.connect(plane.controlPlane.nodeUrl, account);
    plane.clock.advance(61_000);
    await node.closed();
    expect(node.goodbye?.reason).toContain("run out");
    const { edgeNodes } = await plane.get(edgeNodeList, "/edge-nodes");
    expect(edgeNodes.find(({ nodeId }) => nodeId === "runs-out")).toMatchObject({ isCertificateExpired: true });
    const id = await plane.createVersion([root]);
    expect(await plane.ended(await plane.activate(id, 1, "STAGING"))).toMatchObject({ activationStatus: "COMPLETE" });
  });
});

describe("two agents with one identity", () => {
  test("the later one counts, the earlier has to wait ever longer, and it is on the record once", async () => {
    const account = await plane.enrol("copied", "STAGING");
    const waits: (number | undefined)[] = [];
    let before = await plane.connect(account);
    for (let i = 0; i < 4; i++) {
      const next = await plane.connect(account);
      await before.closed();
      waits.push(before.goodbye?.retryAfterMs);
      before = next;
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    await expect.poll(async () => (await audited("SHARE_NODE_IDENTITY")).length).toBe(1);
    expect((await audited("SHARE_NODE_IDENTITY"))[0]).toMatchObject({ subject: { nodeId: "copied" } });
    expect(plane.log).toContain("two agents have the identity of one node");
  });
});

describe("clocks that differ", () => {
  test("are tolerated, shown and logged", async () => {
    const account = await plane.enrol("late-clock", "STAGING");
    const date = new Date(Date.now() - 3_000_000).toUTCString();
    const node = FakeNode.open(plane.controlPlane.nodeUrl, account, staysSilent, { date });
    node.hello();
    await node.until(() => node.messages.length > 0);
    const { edgeNodes } = await plane.get(edgeNodeList, "/edge-nodes");
    const skew = edgeNodes.find(({ nodeId }) => nodeId === "late-clock")?.clockSkewSeconds ?? 0;
    expect(Math.abs(skew + 3_000)).toBeLessThan(120);
    expect(plane.log).toContain("the clock of a node is off");
    await node.close();
  });
});
