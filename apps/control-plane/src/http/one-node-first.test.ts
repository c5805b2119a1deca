import { activation, activationNodes } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const [a, b] = [testPki().root("A"), testPki().root("B")];

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

const begin = (id: string, version: number, body: object) =>
  plane.ask("POST", `/ca-sets/${id}/versions/${version}/activate`, { body: { network: "STAGING", ...body } });

describe("the body of an activation", () => {
  test("without a strategy is that of mETS, and so is the answer", async () => {
    const id = await plane.createVersion([a]);
    const { status, body } = await begin(id, 1, {});
    expect(status).toBe(202);
    expect(Object.keys(body as object)).not.toContain("oneNodeFirst");
    await plane.ended(activation.parse(body));
  });

  test("with one node first says which one, and how it is watched; nodes are told at once when it need not be", async () => {
    const id = await plane.createVersion([a]);
    const { status, body } = await begin(id, 1, { strategy: "ONE_NODE_FIRST", observationSeconds: 0 });
    expect(status).toBe(202);
    const begun = activation.parse(body);
    expect(begun.oneNodeFirst).toMatchObject({ nodeId: "staging-edge", observationSeconds: 0, maxRefusedClients: 0 });
    const ended = await plane.ended(begun);
    expect(ended).toMatchObject({ activationStatus: "COMPLETE", oneNodeFirst: { phase: "REST" } });
    const { nodes } = await plane.get(activationNodes, `/${begun.activationLink.split("/v2/").at(-1)}/nodes`);
    expect(nodes).toMatchObject([{ nodeId: "staging-edge", goesFirst: true }]);
  });

  test.each([
    { strategy: "TWO_NODES_FIRST" },
    { observationSeconds: 5 },
    { strategy: "ALL_AT_ONCE", maxRefusedClients: 5 },
    { strategy: "ONE_NODE_FIRST", observationSeconds: -1 },
    { strategy: "ONE_NODE_FIRST", observationSeconds: 3_601 },
    { strategy: "ONE_NODE_FIRST", maxRefusedClients: 0.5 },
    { strategy: "ONE_NODE_FIRST", maxRefusedClients: 10_001 },
  ])("%j is refused, and nothing begins", async (body) => {
    const id = await plane.createVersion([b]);
    expect((await begin(id, 1, body)).status).toBe(400);
    expect((await begin(id, 1, {})).status).toBe(202);
  });
});
