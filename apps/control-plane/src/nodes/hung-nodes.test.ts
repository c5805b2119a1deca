import { testPki } from "@tcm/testkit";
import { activationNodes } from "@tcm/api-contract";
import { describe, expect, onTestFinished, test } from "vitest";
import { ControlPlaneHarness, type HarnessOptions } from "../testing/control-plane-harness.ts";
import { type FakeNode, staysSilent } from "../testing/fake-node.ts";

const root = testPki().root("A");
const never = 3_600_000;

async function open(window: HarnessOptions["window"]) {
  const harness = await ControlPlaneHarness.start({ window, heartbeatIntervalMs: 500 });
  onTestFinished(() => harness.remove());
  // Their agents do not run in this test.
  await harness.drain("staging-edge");
  const connect = async (name: string, count: number, ...habit: [typeof staysSilent?]): Promise<readonly FakeNode[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, i) =>
        harness.connect(await harness.enrol(`${name}-${i}`, "STAGING"), ...habit),
      ),
    );
  const deploy = async () => {
    const id = await harness.createVersion([root]);
    return { entryId: `ca-set/${id}`, activation: await harness.activate(id, 1, "STAGING") };
  };
  return { harness, connect, deploy };
}

const hasHeardOf = (entryId: string) => (node: FakeNode) => node.newest(entryId) !== undefined;

/** A node that says so has read everything that was written to it before. */
async function isInTouch(node: FakeNode): Promise<void> {
  const pings = () => node.messages.filter(({ type }) => type === "ping").length;
  const before = pings();
  await node.until(() => pings() > before);
}

describe("nodes that take what they are told and never answer", () => {
  test("lose their place at their deadline: all others are told, and prove", async () => {
    const { harness, connect, deploy } = await open({ size: 2, deadlineMs: 50 });
    await connect("hung", 4, staysSilent);
    const well = await connect("well", 6);
    for (let times = 0; times < 2; times++) {
      const { entryId, activation } = await deploy();
      await Promise.all(well.map((node) => node.until(() => hasHeardOf(entryId)(node))));
      const { nodes } = await provedBy(harness, activation.activationLink, well.length);
      const behind = nodes.filter(({ state }) => state === "expected").map(({ nodeId }) => nodeId);
      expect(behind.toSorted()).toEqual(["hung-0", "hung-1", "hung-2", "hung-3"]);
      await harness.ask("POST", `/${activation.activationLink}/cancel`);
    }
    for (const nodeId of ["hung-0", "hung-3"])
      expect(harness.log).toContain(`"nodeId":"${nodeId}","network":"STAGING","msg":"node is behind"`);
  });

  test("let as many be told as the window has room for, and the next when one has gone", async () => {
    const { harness, connect, deploy } = await open({ size: 1, deadlineMs: never });
    const [first, second] = await connect("hung", 2, staysSilent);
    if (first === undefined || second === undefined) throw new Error("two are connected");
    const { entryId } = await deploy();
    await first.until(() => hasHeardOf(entryId)(first));
    await isInTouch(second);
    expect(hasHeardOf(entryId)(second)).toBe(false);
    await first.close();
    await second.until(() => hasHeardOf(entryId)(second));
    expect(harness.log).not.toContain("node is behind");
  });

  test("do not delay the other network", async () => {
    const { harness, connect, deploy } = await open({ size: 1, deadlineMs: never });
    await connect("hung", 1, staysSilent);
    await deploy();
    const production = await harness.connect(harness.localNode("PRODUCTION"));
    const id = await harness.createVersion([root]);
    expect(await harness.ended(await harness.activate(id, 1, "PRODUCTION"))).toMatchObject({
      activationStatus: "COMPLETE",
    });
    expect(hasHeardOf(`ca-set/${id}`)(production)).toBe(true);
  });
});

async function provedBy(harness: ControlPlaneHarness, activationLink: string, count: number) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const view = await harness.get(activationNodes, `/${activationLink}/nodes`);
    if (view.nodes.filter(({ state }) => state === "verified").length === count) return view;
    if (Date.now() > deadline) throw new Error(`not proved: ${JSON.stringify(view)}`);
  }
}
