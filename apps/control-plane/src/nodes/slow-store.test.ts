import { testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { nodeRequest, staysSilent } from "../testing/fake-node.ts";

const [a] = [testPki().root("A")];
const reports = 20_000;

describe("a store that is slow", () => {
  test("holds a node that says much at its end of the connection, and hears all of it later", async () => {
    const plane = await ControlPlaneHarness.start({ heartbeatIntervalMs: 100 });
    onTestFinished(() => plane.remove());
    const account = plane.localNode("STAGING");
    const node = await plane.connect(account, staysSilent);
    const id = await plane.createVersion([a]);
    const begun = await plane.activate(id, 1, "STAGING");
    await node.until(() => node.newest(`ca-set/${id}`) !== undefined);
    const told = node.newest(`ca-set/${id}`)?.entry;
    if (told === undefined) throw new Error("nothing was announced");
    const gate = Promise.withResolvers<void>();
    onTestFinished(() => gate.resolve());
    const busy = plane.controlPlane.context.store.transaction(() => gate.promise);
    for (let i = 0; i < reports; i++) node.reports(told, "delivered");
    // Five megabytes were said; what the control plane does not take stays here, whatever else it answers meanwhile.
    for (let i = 0; i < 20; i++)
      expect((await nodeRequest(plane.controlPlane.nodeUrl, {}, { ":path": "/" })).status).toBe(401);
    expect(node.stream.writableLength).toBeGreaterThan(1024 * 1024);
    gate.resolve();
    await busy;
    node.reports(told, "verified");
    expect((await plane.ended(begun)).activationStatus).toBe("COMPLETE");
    expect(node.isClosed).toBe(false);
  });
});
