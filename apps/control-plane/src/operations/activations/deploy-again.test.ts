import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { admin, DeploymentHarness, deadlineMs, idsOf, problem, value } from "../../testing/deployment-harness.ts";
import { activateVersion } from "./activate-version.ts";
import { cancelActivation } from "./change-activation.ts";
import { deactivateVersion } from "./deactivate-version.ts";
import { settleOverdue } from "./settle-overdue.ts";

const pki = testPki();
const [a, b, c] = [pki.root("A"), pki.root("B"), pki.root("C")];
const network = "STAGING" as const;

/** Version 1 of A and B is on two nodes; version 2 only takes B away. */
async function open() {
  const harness = await DeploymentHarness.open();
  const nodes = [await harness.node("s1", network), await harness.node("s2", network)] as const;
  const id = await harness.caSet([a, b], [a], [a, c]);
  await harness.activate(id, 1, network);
  for (const node of nodes) await harness.report(node, id, "verified");
  const deactivate = (version = 1) => deactivateVersion(harness.context, admin, id, { version, network });
  const activate = (version: number) => activateVersion(harness.context, admin, id, { version, network });
  const deadline = async (): Promise<void> => {
    harness.clock.advance(deadlineMs);
    await settleOverdue(harness.context);
  };
  return { harness, nodes, id, activate, deactivate, deadline };
}

describe("a deployment that failed, and is in force with nodes behind, can be asked for again", () => {
  test("after its deadline: a new generation of the same content, which all nodes have to prove", async () => {
    const { harness, nodes, id, activate, deadline } = await open();
    await harness.activate(id, 2, network);
    await harness.report(nodes[0], id, "verified");
    await deadline();
    expect(await harness.told(id, network)).toBe("2@2");
    const again = value(await activate(2));
    expect(again).toMatchObject({ activationStatus: "IN_PROGRESS", previousVersion: 2, removesTrustOnly: false });
    expect(await harness.told(id, network)).toBe("2@3");
    expect(await harness.inForce(id, network)).toBe(2);
    await harness.report(nodes[0], id, "verified");
    expect((await harness.read(again)).percentComplete).toBe(50);
    await harness.report(nodes[1], id, "verified");
    expect(await harness.read(again)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
  });

  test("after a removal that a node rejected; what was distrusted comes back by nothing that happens then", async () => {
    const { harness, nodes, id, activate } = await open();
    await harness.activate(id, 2, network);
    await harness.report(nodes[0], id, "rejected");
    for (const [end, number] of [
      ["rejected", 4],
      ["cancelled", 6],
    ] as const) {
      const again = value(await activate(2));
      if (end === "rejected") await harness.report(nodes[0], id, "rejected");
      else value(await cancelActivation(harness.context, admin, idsOf(again)));
      expect((await harness.read(again)).activationStatus).toBe("FAILED");
      expect(await harness.told(id, network)).toBe(`2@${number}`);
      expect(await harness.inForce(id, network)).toBe(2);
    }
  });

  test("by way of one node, too", async () => {
    const { harness, nodes, id, deadline } = await open();
    await harness.activate(id, 2, network);
    await deadline();
    const wish = { version: 2, network, oneNodeFirst: { observationMs: 0, maxRefusals: 0 } };
    const again = value(await activateVersion(harness.context, admin, id, wish));
    expect(again.oneNodeFirst).toMatchObject({ nodeId: "s1", phase: "FIRST_NODE" });
    expect(await harness.told(id, network)).toBe("2@2");
    expect(nodes).toHaveLength(2);
  });

  test("though one of its certificates has run out since: it is what is served", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("s1", network);
    const soon = pki.root("Soon", { notAfter: Math.floor(harness.context.clock() / 1_000) + deadlineMs / 1_000 });
    const id = await harness.caSet([soon]);
    await harness.activate(id, 1, network);
    harness.clock.advance(deadlineMs + 2_000);
    await settleOverdue(harness.context);
    const again = value(await activateVersion(harness.context, admin, id, { version: 1, network }));
    expect(again.validation?.warnings.map(({ type }) => type.split("/").at(-1))).toEqual(["expired-certificate"]);
  });

  test("and is active already, as in mETS, once it is complete", async () => {
    const { harness, nodes, id, activate, deadline } = await open();
    expect(problem(await activate(1)).slug).toBe("ca-set-version-already-active-on-network");
    await harness.activate(id, 2, network);
    await deadline();
    value(await activate(2));
    expect(problem(await activate(2)).slug).toBe("another-activation-request-in-progress-in-the-ca-set");
    for (const node of nodes) await harness.report(node, id, "verified");
    expect(problem(await activate(2)).slug).toBe("ca-set-version-already-active-on-network");
    // What was put back after a rejection was never asked for again, and was complete before.
    const other = value(await activate(3));
    await harness.report(nodes[0], id, "rejected");
    expect((await harness.read(other)).activationStatus).toBe("FAILED");
    expect(problem(await activate(2)).slug).toBe("ca-set-version-already-active-on-network");
  });
});

describe("a deactivation that failed can be asked for again", () => {
  test.each(["deadline", "rejection"])("after its %s: nothing is served, as a new generation", async (end) => {
    const { harness, nodes, id, deactivate, deadline } = await open();
    value(await deactivate());
    if (end === "deadline") await deadline();
    else await harness.report(nodes[0], id, "rejected");
    expect(await harness.inForce(id, network)).toBeUndefined();
    const again = value(await deactivate());
    expect(again).toMatchObject({ activationType: "DEACTIVATE", activationStatus: "IN_PROGRESS" });
    expect(await harness.told(id, network)).toBe("none@3");
    for (const node of nodes) await harness.report(node, id, "verified");
    expect((await harness.read(again)).activationStatus).toBe("COMPLETE");
    expect(problem(await deactivate()).slug).toBe("ca-set-version-not-active-on-network");
  });

  test("of that version alone, and of none that was put back", async () => {
    const { harness, id, activate, deactivate, deadline } = await open();
    value(await deactivate());
    await deadline();
    expect(problem(await deactivate(2)).slug).toBe("ca-set-version-not-active-on-network");
    value(await activate(2));
    expect(problem(await deactivate()).slug).toBe("another-activation-request-in-progress-in-the-ca-set");
    await deadline();
    expect(await harness.inForce(id, network)).toBe(2);
    expect(problem(await deactivate()).slug).toBe("ca-set-version-not-active-on-network");
  });
});
