import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { entryFor, readPilotEntry } from "../../manifest/pilot-entries.ts";
import type { Store } from "../../store/store.ts";
import { admin, DeploymentHarness, deadlineMs, idsOf, value } from "../../testing/deployment-harness.ts";
import { activateVersion } from "./activate-version.ts";
import { cancelActivation, excludeNode } from "./change-activation.ts";
import { deactivateVersion } from "./deactivate-version.ts";
import type { DeploymentContext } from "../deployment-context.ts";
import { drainNode } from "../edge-nodes/drain-node.ts";
import { recordReports } from "./record-reports.ts";
import { settleOverdue } from "./settle-overdue.ts";

const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];
const on = "STAGING" as const;
const observationMs = 30_000;

/** Its process dies before a commit of it is on disk. */
function dying(context: DeploymentContext): DeploymentContext {
  const transaction: Store["transaction"] = (work) =>
    context.store.transaction(async (queries) => {
      await work(queries);
      throw new Error("the process died");
    });
  return { ...context, store: { ...context.store, transaction } };
}

/** Version 1 in force on two nodes, and whatever the step needs of version 2. */
async function prepared(prepare: "nothing" | "running" | "one node first" | "observed") {
  const harness = await DeploymentHarness.open();
  const nodes = [await harness.node("s1", on), await harness.node("s2", on)];
  const id = await harness.caSet([a], [b]);
  await harness.activate(id, 1, on);
  for (const node of nodes) await harness.report(node, id, "verified");
  const oneNodeFirst = { observationMs, maxRefusals: 0 };
  const wish = { version: 2, network: on, ...(prepare !== "running" && { oneNodeFirst }) };
  const begun = prepare === "nothing" ? undefined : value(await activateVersion(harness.context, admin, id, wish));
  const told = async () => {
    const entry = await harness.entry(id, on);
    return entryFor("s1", entry, await readPilotEntry(harness.context.store.db, on, entry.entryId));
  };
  const says = async (context: DeploymentContext, state: "verified" | "rejected") => {
    const { entryId, generation, digest } = await told();
    const rejection = { code: "engine-refused", detail: "no" };
    const report = { entryId, generation, digest, state, ...(state === "rejected" && { rejection }) };
    await recordReports(context, [{ node: { nodeId: "s1", network: on }, report }]);
  };
  if (prepare === "observed") await says(harness.context, "verified");
  const ids = begun === undefined ? { caSetId: id, version: 2, activationId: 0 } : idsOf(begun);
  return { harness, id, ids, says };
}

type Prepared = Awaited<ReturnType<typeof prepared>>;

/** All that a deployment is made of, on disk. */
async function onDisk({ harness }: Prepared): Promise<string> {
  const { db } = harness.context.store;
  const rows = [
    await db.selectFrom("activations").selectAll().orderBy("id").execute(),
    await db.selectFrom("activation_nodes").selectAll().orderBy("activation_id").orderBy("node_id").execute(),
    await db.selectFrom("activation_pilots").selectAll().orderBy("activation_id").execute(),
    await db.selectFrom("manifest_entries").selectAll().orderBy("network").orderBy("entry_id").execute(),
    await db.selectFrom("pilot_entries").selectAll().orderBy("network").execute(),
    await db.selectFrom("network_generations").selectAll().orderBy("network").execute(),
    await db.selectFrom("ca_set_networks").selectAll().orderBy("network").execute(),
    await db.selectFrom("audit_records").selectAll().orderBy("number").execute(),
  ];
  return JSON.stringify(rows);
}

type Step = (story: Prepared, context: DeploymentContext) => Promise<unknown>;

const steps: readonly (readonly [string, Parameters<typeof prepared>[0], Step])[] = [
  ["activate", "nothing", ({ id }, context) => activateVersion(context, admin, id, { version: 2, network: on })],
  [
    "activate, one node first",
    "nothing",
    ({ id }, context) =>
      activateVersion(context, admin, id, {
        version: 2,
        network: on,
        oneNodeFirst: { observationMs, maxRefusals: 0 },
      }),
  ],
  ["deactivate", "nothing", ({ id }, context) => deactivateVersion(context, admin, id, { version: 1, network: on })],
  ["a proof", "running", ({ says }, context) => says(context, "verified")],
  ["a rejection, and the content before again", "running", ({ says }, context) => says(context, "rejected")],
  ["cancel", "running", ({ ids }, context) => cancelActivation(context, admin, ids)],
  ["exclude", "running", ({ ids }, context) => excludeNode(context, admin, ids, "s2")],
  ["drain", "running", (_, context) => drainNode(context, admin, "s2", true)],
  ["roll back", "running", ({ id }, context) => activateVersion(context, admin, id, { version: 1, network: on })],
  [
    "the deadline",
    "running",
    ({ harness }, context) => {
      harness.clock.advance(deadlineMs);
      return settleOverdue(context);
    },
  ],
  ["the proof of the first node", "one node first", ({ says }, context) => says(context, "verified")],
  ["the rejection of the first node", "one node first", ({ says }, context) => says(context, "rejected")],
  ["the first node excluded", "one node first", ({ ids }, context) => excludeNode(context, admin, ids, "s1")],
  [
    "the others are told",
    "observed",
    ({ harness }, context) => {
      harness.clock.advance(observationMs);
      return settleOverdue(context);
    },
  ],
];

describe("a control plane may die at every step of a deployment", () => {
  test.each(steps)("%s: before the commit nothing has happened, and the next one does it", async (_, prepare, step) => {
    const story = await prepared(prepare);
    const before = await onDisk(story);
    const announced = story.harness.announced.length;
    await expect(step(story, dying(story.harness.context))).rejects.toThrow("the process died");
    expect(await onDisk(story)).toBe(before);
    expect(story.harness.announced).toHaveLength(announced);
    await step(story, story.harness.context);
    expect(await onDisk(story)).not.toBe(before);
  });
});

describe("two operators at once", () => {
  test("one cancels and the other rolls back: it ends once, and version 1 is what nodes are told", async () => {
    const { harness, id, ids } = await prepared("running");
    const [cancelled, back] = await Promise.all([
      cancelActivation(harness.context, admin, ids),
      activateVersion(harness.context, admin, id, { version: 1, network: on }),
    ]);
    expect([cancelled.ok, back.ok].filter(Boolean)).toHaveLength(1);
    expect((await harness.entry(id, on)).content).toMatchObject({ version: 1 });
  });

  test("one excludes the last node behind while it proves: it is complete once", async () => {
    const { harness, id, ids, says } = await prepared("running");
    await says(harness.context, "verified");
    const last = { nodeId: "s2", network: on };
    const [excluded] = await Promise.all([
      excludeNode(harness.context, admin, ids, "s2"),
      harness.report(last, id, "verified"),
    ]);
    expect(excluded.ok).toBe(true);
    const { db } = harness.context.store;
    const row = await db.selectFrom("activations").selectAll().where("id", "=", ids.activationId).executeTakeFirst();
    expect(row?.status).toBe("COMPLETE");
  });
});

describe("a clock that steps", () => {
  const statusOf = async ({ harness, ids }: Prepared) => {
    const { db } = harness.context.store;
    const row = await db.selectFrom("activations").selectAll().where("id", "=", ids.activationId).executeTakeFirst();
    return row?.status;
  };

  test("back: the deadline is that much later, a proof still counts, and nothing ends twice", async () => {
    const story = await prepared("running");
    const { harness, id } = story;
    harness.clock.advance(-3_600_000);
    await settleOverdue(harness.context);
    expect(await statusOf(story)).toBe("IN_PROGRESS");
    for (const nodeId of ["s1", "s2"]) await harness.report({ nodeId, network: on }, id, "verified");
    expect(await statusOf(story)).toBe("COMPLETE");
    const ended = await onDisk(story);
    harness.clock.advance(2 * 3_600_000);
    await settleOverdue(harness.context);
    expect(await onDisk(story)).toBe(ended);
  });

  test("far forward, and back again: it ended at its deadline, once, and stays ended", async () => {
    const story = await prepared("running");
    story.harness.clock.advance(86_400_000);
    await settleOverdue(story.harness.context);
    expect(await statusOf(story)).toBe("FAILED");
    const ended = await onDisk(story);
    story.harness.clock.advance(-86_400_000);
    await settleOverdue(story.harness.context);
    expect(await onDisk(story)).toBe(ended);
  });
});
