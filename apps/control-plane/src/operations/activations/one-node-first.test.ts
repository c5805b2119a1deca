import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { entryDigest } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { entryFor, readPilotEntry } from "../../manifest/pilot-entries.ts";
import { admin, DeploymentHarness, deadlineMs, idsOf, value } from "../../testing/deployment-harness.ts";
import type { ReportedState } from "../../testing/fake-node.ts";
import { activateVersion } from "./activate-version.ts";
import { cancelActivation, excludeNode } from "./change-activation.ts";
import { deactivateVersion } from "./deactivate-version.ts";
import type { DeploymentContext } from "../deployment-context.ts";
import { drainNode } from "../edge-nodes/drain-node.ts";
import { getEdgeNode } from "../edge-nodes/edge-nodes.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import { getActivation, getActivationNodes } from "./read-activations.ts";
import { recordReports } from "./record-reports.ts";
import { settleOverdue } from "./settle-overdue.ts";

const pki = testPki();
const [a, b, c] = [pki.root("A"), pki.root("B"), pki.root("C")];
const observationMs = 30_000;
const on = "PRODUCTION" as const satisfies Network;

/** Three nodes that serve version 1, of A and B; version 2 replaces B by C, version 3 only takes B away. */
class Story {
  readonly harness: DeploymentHarness;
  readonly nodes: readonly AuthenticatedNode[];
  readonly id: number;
  refusals = 0;

  private constructor(harness: DeploymentHarness, nodes: readonly AuthenticatedNode[], id: number) {
    this.harness = harness;
    this.nodes = nodes;
    this.id = id;
  }

  static async begin(): Promise<Story> {
    const harness = await DeploymentHarness.open();
    const nodes: AuthenticatedNode[] = [];
    for (const nodeId of ["p3", "p1", "p2"]) nodes.push(await harness.node(nodeId, on));
    const id = await harness.caSet([a, b], [a, c], [a]);
    const story = new Story(harness, nodes, id);
    await harness.activate(id, 1, on);
    for (const { nodeId } of nodes) await story.says(nodeId, "verified");
    return story;
  }

  get context(): DeploymentContext {
    const saidBy = { unknown: 0, saidBy: ["p1"], isUncounted: false };
    return { ...this.harness.context, removedAnchorRefusals: async () => ({ clients: this.refusals, ...saidBy }) };
  }

  async deploy(version: number, maxRefusals = 0): Promise<ActivationView> {
    const wish = { version, network: on, oneNodeFirst: { observationMs, maxRefusals } };
    return value(await activateVersion(this.context, admin, this.id, wish));
  }

  /** What the node is told now. */
  async told(nodeId: string) {
    const network = await this.harness.entry(this.id, on);
    return entryFor(nodeId, network, await readPilotEntry(this.context.store.db, on, network.entryId));
  }

  async versionOf(nodeId: string): Promise<number | undefined> {
    const { content } = await this.told(nodeId);
    return content?.kind === "ca-set" ? content.version : undefined;
  }

  async versions(): Promise<readonly (number | undefined)[]> {
    return Promise.all(["p1", "p2", "p3"].map((nodeId) => this.versionOf(nodeId)));
  }

  async says(nodeId: string, state: ReportedState): Promise<void> {
    const { entryId, generation, content } = await this.told(nodeId);
    const said = { entryId, generation, digest: entryDigest(content, nodeCrypto), state };
    const rejection = { code: "engine-refused", detail: "it does not like it" };
    const report = state === "rejected" ? { ...said, rejection } : said;
    await recordReports(this.context, [{ node: { nodeId, network: on }, report }]);
  }

  async passes(ms: number): Promise<void> {
    this.harness.clock.advance(ms);
    await settleOverdue(this.context);
  }

  async first(activation: ActivationView): Promise<readonly string[]> {
    const { nodes } = value(await getActivationNodes(this.context, idsOf(activation)));
    return nodes.filter(({ goesFirst }) => goesFirst).map(({ nodeId }) => nodeId);
  }
}

describe("a deployment with one node first", () => {
  test("tells one node, watches it, tells the rest, and is complete when all have proved it", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    expect(begun.oneNodeFirst).toMatchObject({ nodeId: "p1", phase: "FIRST_NODE", observationSeconds: 30 });
    expect(await story.first(begun)).toEqual(["p1"]);
    expect(await story.versions()).toEqual([2, 1, 1]);
    await story.says("p1", "applied");
    await story.passes(2 * observationMs);
    expect(await story.versions()).toEqual([2, 1, 1]);
    await story.says("p1", "verified");
    expect((await story.harness.read(begun)).oneNodeFirst).toMatchObject({ phase: "OBSERVATION" });
    await story.passes(observationMs - 1);
    expect(await story.versions()).toEqual([2, 1, 1]);
    await story.passes(1);
    expect(await story.versions()).toEqual([2, 2, 2]);
    expect(await story.harness.read(begun)).toMatchObject({
      activationStatus: "IN_PROGRESS",
      percentComplete: 33,
      oneNodeFirst: { phase: "REST" },
    });
    await story.says("p2", "verified");
    await story.says("p3", "verified");
    expect(await story.harness.read(begun)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    expect(await story.harness.inForce(story.id, on)).toBe(2);
  });

  test("without a time to watch the rest are told with the first proof", async () => {
    const story = await Story.begin();
    const wish = { version: 2, network: on, oneNodeFirst: { observationMs: 0, maxRefusals: 0 } };
    value(await activateVersion(story.context, admin, story.id, wish));
    await story.says("p1", "verified");
    expect(await story.versions()).toEqual([2, 2, 2]);
  });

  test("a connected node goes before one that is away", async () => {
    const story = await Story.begin();
    const fleet = { announce: () => undefined, isConnected: (nodeId: string) => nodeId === "p3" };
    const wish = { version: 2, network: on, oneNodeFirst: { observationMs, maxRefusals: 0 } };
    const begun = value(await activateVersion({ ...story.context, fleet }, admin, story.id, wish));
    expect(begun.oneNodeFirst?.nodeId).toBe("p3");
  });

  test("the very first version goes to one node, and the others serve nothing of it", async () => {
    const story = await Story.begin();
    const id = await story.harness.caSet([c]);
    const wish = { version: 1, network: on, oneNodeFirst: { observationMs, maxRefusals: 0 } };
    const begun = value(await activateVersion(story.context, admin, id, wish));
    expect((await story.harness.entry(id, on)).content).toBeNull();
    const own = await readPilotEntry(story.context.store.db, on, `ca-set/${id}`);
    expect(own).toMatchObject({ nodeId: "p1", entry: { content: { version: 1 } } });
    expect(begun.activationStatus).toBe("IN_PROGRESS");
  });

  test("a network without nodes has nobody to go first, and is complete at once", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a]);
    const wish = { version: 1, network: on, oneNodeFirst: { observationMs, maxRefusals: 0 } };
    const begun = value(await activateVersion(harness.context, admin, id, wish));
    expect(begun).toMatchObject({ activationStatus: "COMPLETE" });
    expect(begun.oneNodeFirst).toBeUndefined();
  });

  test("what another node says of the generation of the first one counts for nothing", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    const { entryId, generation, digest } = await story.told("p1");
    const report = { entryId, generation, digest, state: "verified" as const };
    await recordReports(story.context, [{ node: { nodeId: "p2", network: on }, report }]);
    expect(await story.harness.read(begun)).toMatchObject({ percentComplete: 0 });
  });

  test("who asks how it goes is told how many refused clients count so far, until it has ended", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2, 5);
    const refused = async () => value(await getActivation(story.context, idsOf(begun))).oneNodeFirst?.refusedClients;
    expect(await refused()).toBe(0);
    await story.says("p1", "verified");
    story.refusals = 3;
    expect(await refused()).toBe(3);
    value(await cancelActivation(story.context, admin, idsOf(begun)));
    expect(await refused()).toBeUndefined();
  });

  test("the first node is not shown as drifted for being ahead", async () => {
    const story = await Story.begin();
    await story.deploy(2);
    await story.says("p1", "verified");
    expect(value(await getEdgeNode(story.context, "p1")).isDrifted).toBe(false);
    expect(value(await getEdgeNode(story.context, "p2")).isDrifted).toBe(false);
  });
});

describe("what does harm on the first node goes no further", () => {
  test("a rejection: the old content goes out again, and the rest never had another", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    const before = (await story.told("p1")).generation.number;
    await story.says("p1", "rejected");
    const ended = await story.harness.read(begun);
    expect(ended).toMatchObject({ activationStatus: "FAILED", failureReason: expect.stringContaining("p1") });
    expect(await story.versions()).toEqual([1, 1, 1]);
    expect((await story.told("p1")).generation.number).toBeGreaterThan(before);
    expect(await story.harness.inForce(story.id, on)).toBe(1);
  });

  test("clients whose CA was removed are refused: more than are borne", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2, 5);
    await story.says("p1", "verified");
    story.refusals = 5;
    await story.passes(1_000);
    expect((await story.harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
    story.refusals = 6;
    await story.passes(1_000);
    const ended = await story.harness.read(begun);
    expect(ended).toMatchObject({ activationStatus: "FAILED", failureReason: expect.stringContaining("6 clients") });
    expect(await story.versions()).toEqual([1, 1, 1]);
  });

  test("clients are refused after the rest were told, too", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    await story.says("p1", "verified");
    await story.passes(observationMs);
    story.refusals = 1;
    await story.passes(1_000);
    expect((await story.harness.read(begun)).activationStatus).toBe("FAILED");
    expect(await story.versions()).toEqual([1, 1, 1]);
  });

  test("a removal stays on the first node and reaches no other; deploying what is in force undoes it", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(3);
    await story.says("p1", "verified");
    story.refusals = 1;
    await story.passes(1_000);
    expect(await story.harness.read(begun)).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringContaining("The other nodes were not told"),
    });
    expect(await story.versions()).toEqual([3, 1, 1]);
    expect(await story.harness.inForce(story.id, on)).toBe(1);
    await story.harness.activate(story.id, 1, on);
    expect(await story.versions()).toEqual([1, 1, 1]);
  });

  test("tried again, the same clients end it again; they do not end what is in force and deployed again", async () => {
    const story = await Story.begin();
    story.refusals = 1;
    for (let i = 0; i < 2; i++) {
      const begun = await story.deploy(3);
      await story.passes(1_000);
      expect((await story.harness.read(begun)).activationStatus).toBe("FAILED");
      expect(await story.versions()).toEqual([3, 1, 1]);
    }
    const back = await story.deploy(1);
    await story.says("p1", "verified");
    await story.passes(observationMs);
    expect(await story.harness.read(back)).toMatchObject({ oneNodeFirst: { phase: "REST" }, failureReason: null });
    expect(await story.versions()).toEqual([1, 1, 1]);
  });

  test("a roll back that the first node cannot take leaves nobody with what it took the place of", async () => {
    const story = await Story.begin();
    await story.harness.activate(story.id, 3, on);
    for (const nodeId of ["p1", "p2", "p3"]) await story.says(nodeId, "verified");
    await story.harness.activate(story.id, 1, on);
    expect(await story.versions()).toEqual([1, 1, 1]);
    const back = await story.deploy(3);
    expect(await story.versions()).toEqual([3, 1, 1]);
    await story.says("p1", "rejected");
    expect(await story.harness.read(back)).toMatchObject({ activationStatus: "FAILED" });
    expect(await story.harness.inForce(story.id, on)).toBe(3);
    expect(await story.versions()).toEqual([3, 3, 3]);
  });

  test("a deactivation that the first node cannot take leaves the set with the others", async () => {
    const story = await Story.begin();
    const wish = { version: 1, network: on, oneNodeFirst: { observationMs, maxRefusals: 0 } };
    const begun = value(await deactivateVersion(story.context, admin, story.id, wish));
    await story.says("p1", "rejected");
    expect((await story.harness.read(begun)).activationStatus).toBe("FAILED");
    expect(await story.versions()).toEqual([undefined, 1, 1]);
  });

  test("a first node that proves nothing until the deadline", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    await story.passes(deadlineMs + observationMs - 1);
    expect((await story.harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
    await story.passes(1);
    expect((await story.harness.read(begun)).activationStatus).toBe("FAILED");
    expect(await story.versions()).toEqual([1, 1, 1]);
  });
});

describe("who leaves, joins or decides while one node goes first", () => {
  test("another node takes the place of one that is excluded or drained, and proves anew", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    value(await excludeNode(story.context, admin, idsOf(begun), "p1"));
    expect(await story.first(begun)).toEqual(["p2"]);
    expect(await story.versions()).toEqual([1, 2, 1]);
    value(await drainNode(story.context, admin, "p2", true));
    expect(await story.first(begun)).toEqual(["p3"]);
    await story.says("p3", "verified");
    await story.passes(observationMs);
    expect(await story.harness.read(begun)).toMatchObject({ activationStatus: "COMPLETE" });
    expect(await story.versions()).toEqual([2, 2, 2]);
  });

  test("without anybody left it goes to all and is complete", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    for (const nodeId of ["p1", "p2", "p3"]) value(await excludeNode(story.context, admin, idsOf(begun), nodeId));
    expect(await story.harness.read(begun)).toMatchObject({ activationStatus: "COMPLETE" });
    expect(await story.versions()).toEqual([2, 2, 2]);
  });

  test("a node that joins is told what is in force, and is not waited for", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    await story.harness.node("p0", on);
    expect(await story.versionOf("p0")).toBe(1);
    await story.says("p1", "verified");
    await story.passes(observationMs);
    for (const nodeId of ["p2", "p3"]) await story.says(nodeId, "verified");
    expect((await story.harness.read(begun)).activationStatus).toBe("COMPLETE");
    expect(await story.versionOf("p0")).toBe(2);
  });

  test("a cancel and a roll back end it for the first node too", async () => {
    const story = await Story.begin();
    const cancelled = await story.deploy(2);
    value(await cancelActivation(story.context, admin, idsOf(cancelled)));
    expect(await story.versions()).toEqual([1, 1, 1]);
    const undone = await story.deploy(2);
    await story.harness.activate(story.id, 1, on);
    expect((await story.harness.read(undone)).failureReason).toContain("Superseded");
    expect(await story.versions()).toEqual([1, 1, 1]);
  });

  test("a clock that is put back only makes it wait", async () => {
    const story = await Story.begin();
    const begun = await story.deploy(2);
    await story.says("p1", "verified");
    await story.passes(-3_600_000);
    expect(await story.versions()).toEqual([2, 1, 1]);
    await story.passes(3_600_000 + observationMs);
    expect(await story.versions()).toEqual([2, 2, 2]);
    expect((await story.harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
  });
});
