import type { EntryReport } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { admin, DeploymentHarness, idsOf, value } from "../../testing/deployment-harness.ts";
import { drainNode } from "./drain-node.ts";
import { createJoinToken } from "./join-token.ts";
import { type AuthenticatedNode, usualNodeCertificateLifetimeMs } from "./enrol-node.ts";
import { getActivationNodes } from "../activations/read-activations.ts";
import { recordHello, recordReports } from "../activations/record-reports.ts";
import { removeNode } from "./remove-node.ts";
import { settleOverdue } from "../activations/settle-overdue.ts";

const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];
const on = "STAGING" as const;

/** Two nodes, and a deployment that one of them has proved. */
async function halfway() {
  const harness = await DeploymentHarness.open();
  const [one, two] = [await harness.node("s1", on), await harness.node("s2", on)];
  const id = await harness.caSet([a], [b]);
  const begun = await harness.activate(id, 1, on);
  await harness.report(one, id, "verified");
  return { harness, one, two, id, begun };
}

describe("a node that was let in and never came", () => {
  const day = 86_400_000;

  test("is forgotten, on the record, a day after its certificate has run out; one that came once is not", async () => {
    const harness = await DeploymentHarness.open();
    const { db } = harness.context.store;
    await harness.node("ghost", on);
    const seen = await harness.node("seen", on);
    const engine = { engine: "fake", engineVersion: "1", highestLevel: "verified", address: "127.0.0.1:1" } as const;
    await recordHello(harness.context, seen, { type: "hello", protocolVersion: 1, ...seen, ...engine, entries: [] });
    const known = async () =>
      (await db.selectFrom("edge_nodes").select("id").orderBy("id").execute()).map(({ id }) => id);
    harness.clock.advance(usualNodeCertificateLifetimeMs + day);
    await settleOverdue(harness.context);
    expect(await known()).toEqual(["ghost", "seen"]);
    harness.clock.advance(1_000);
    await settleOverdue(harness.context);
    expect(await known()).toEqual(["seen"]);
    const records = await db.selectFrom("audit_records").selectAll().where("action", "=", "REMOVE_NODE").execute();
    expect(records).toMatchObject([{ by: "the end of its certificate" }]);
  });

  test("is kept when it came after it was found, and before it would have been forgotten", async () => {
    const harness = await DeploymentHarness.open();
    const { store, clock } = harness.context;
    await harness.node("ghost", on);
    harness.clock.advance(usualNodeCertificateLifetimeMs + 2 * day);
    const came = () =>
      store.db
        .updateTable("edge_nodes")
        .set({ last_seen_at: new Date(clock()).toISOString() })
        .where("id", "=", "ghost")
        .execute();
    await settleOverdue({
      ...harness.context,
      store: { ...store, transaction: async (work) => came().then(() => store.transaction(work)) },
    });
    const nodes = await store.db.selectFrom("edge_nodes").select("id").execute();
    expect(nodes).toEqual([{ id: "ghost" }]);
  });

  test("is kept while there is a token to let it in again", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("ghost", on);
    harness.clock.advance(usualNodeCertificateLifetimeMs + 2 * day);
    value(
      await createJoinToken(harness.context, admin, {
        network: on,
        engine: "built-in",
        nodeId: "ghost",
        expiresInSeconds: 3_600,
      }),
    );
    await settleOverdue(harness.context);
    const nodes = await harness.context.store.db.selectFrom("edge_nodes").select("id").execute();
    expect(nodes).toEqual([{ id: "ghost" }]);
  });
});

describe("a node that leaves in the middle of a deployment is taken out, on the record", () => {
  type Leave = (story: Awaited<ReturnType<typeof halfway>>) => Promise<unknown>;
  const cases: readonly (readonly [string, string, Leave])[] = [
    ["drained", "operator", ({ harness }) => drainNode(harness.context, admin, "s2", true)],
    ["removed", "operator", ({ harness }) => removeNode(harness.context, admin, "s2")],
    [
      "its certificate ran out unrenewed",
      "the end of its certificate",
      async ({ harness }) => {
        const { db } = harness.context.store;
        const soon = new Date(harness.clock.now() + 1_000).toISOString();
        await db.updateTable("edge_nodes").set({ certificate_not_after: soon }).where("id", "=", "s2").execute();
        harness.clock.advance(2_000);
        await settleOverdue(harness.context);
      },
    ],
  ];
  test.each(cases)("%s", async (_, by, leave) => {
    const story = await halfway();
    const { harness, begun } = story;
    expect((await harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
    await leave(story);
    expect(await harness.read(begun)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    const { nodes } = value(await getActivationNodes(harness.context, idsOf(begun)));
    expect(nodes.map(({ nodeId, excludedBy }) => [nodeId, excludedBy])).toEqual([
      ["s1", null],
      ["s2", by],
    ]);
    const { db } = harness.context.store;
    const record = await db.selectFrom("activities").select("by").where("type", "=", "EXCLUDE_NODE").execute();
    expect(record).toEqual([{ by }]);
  });

  test("one that renewed its certificate in time is waited for", async () => {
    const { harness, begun } = await halfway();
    harness.clock.advance(1_000);
    const later = new Date(harness.clock.now() + usualNodeCertificateLifetimeMs).toISOString();
    const { db } = harness.context.store;
    await db.updateTable("edge_nodes").set({ certificate_not_after: later }).where("id", "=", "s2").execute();
    await settleOverdue(harness.context);
    expect((await harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
  });
});

describe("a node that joins in the middle of a deployment", () => {
  test("is no part of what was frozen, in either direction", async () => {
    const { harness, two, id, begun } = await halfway();
    const late = await harness.node("s3", on);
    expect(await harness.read(begun)).toMatchObject({ percentComplete: 50 });
    await harness.report(late, id, "rejected");
    expect(await harness.read(begun)).toMatchObject({ activationStatus: "IN_PROGRESS", percentComplete: 50 });
    await harness.report(two, id, "verified");
    expect(await harness.read(begun)).toMatchObject({ activationStatus: "COMPLETE" });
    expect(value(await getActivationNodes(harness.context, idsOf(begun))).nodes).toHaveLength(2);
  });
});

describe("of one generation a node only goes forward", () => {
  async function say({ harness, id }: Awaited<ReturnType<typeof halfway>>, node: AuthenticatedNode, state: string) {
    const { entryId, generation, digest } = await harness.entry(id, on);
    const report = { entryId, generation, digest, state } as EntryReport;
    return { report, record: () => recordReports(harness.context, [{ node, report }]) };
  }
  const statesOf = async ({ harness, begun }: Awaited<ReturnType<typeof halfway>>) =>
    value(await getActivationNodes(harness.context, idsOf(begun))).nodes.map(({ state }) => state);

  test.each(["delivered", "applied"])("a late %s does not undo a proof", async (state) => {
    const story = await halfway();
    await (await say(story, story.one, state)).record();
    expect(await statesOf(story)).toEqual(["verified", "expected"]);
  });

  test("nor does the hello of a node that began anew", async () => {
    const story = await halfway();
    const { report } = await say(story, story.one, "delivered");
    const engine = { engine: "fake", engineVersion: "1", highestLevel: "verified", address: "127.0.0.1:1" } as const;
    const about = { type: "hello", protocolVersion: 1, nodeId: "s1", network: on } as const;
    await recordHello(story.harness.context, story.one, { ...about, ...engine, entries: [report] });
    expect(await statesOf(story)).toEqual(["verified", "expected"]);
  });

  test("a rejection counts after a proof, too", async () => {
    const story = await halfway();
    await story.harness.report(story.one, story.id, "rejected");
    expect((await story.harness.read(story.begun)).activationStatus).toBe("FAILED");
  });
});
