import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgresStore } from "../../store/open-postgres.ts";
import { openMemoryStore } from "../../store/open-store.ts";
import type { Store } from "../../store/store.ts";
import { deadlineMs, DeploymentHarness, idsOf, value } from "../../testing/deployment-harness.ts";
import { PostgresServer, postgresMissing } from "../../testing/postgres-server.ts";
import { forgetActivationNodes, nodesKeptDays } from "./forget-nodes.ts";
import { getActivationNodes, listActivations } from "./read-activations.ts";
import { settleOverdue } from "./settle-overdue.ts";

const pki = testPki();
const [a, b, c] = [pki.root("A"), pki.root("B"), pki.root("C")];
const on = "STAGING" as const;
const dayMs = 86_400_000;

function describeForgetting(name: string, open: () => Promise<Store>): void {
  describe(`how far each node was in a deployment, on ${name}`, () => {
    test("is forgotten 30 days after its end, but of what is in force and of the last one; percentages stay", async () => {
      const harness = await DeploymentHarness.open(open());
      const nodes = [await harness.node("s1", on), await harness.node("s2", on)];
      const id = await harness.caSet([a], [b], [c]);
      const first = await harness.activate(id, 1, on);
      for (const node of nodes) await harness.report(node, id, "verified");
      const late = await harness.activate(id, 2, on);
      for (const node of nodes.slice(1)) await harness.report(node, id, "verified");
      harness.clock.advance(deadlineMs);
      await settleOverdue(harness.context);
      const inForce = await harness.activate(id, 3, on);
      for (const node of nodes) await harness.report(node, id, "verified");
      const last = await harness.activate(id, 1, on);
      for (const node of nodes) await harness.report(node, id, "rejected");
      const before = value(await listActivations(harness.context, id));
      expect(before.map(({ activationStatus, percentComplete }) => [activationStatus, percentComplete])).toEqual([
        ["FAILED", 0],
        ["COMPLETE", 100],
        ["FAILED", 50],
        ["COMPLETE", 100],
      ]);
      harness.clock.advance(nodesKeptDays * dayMs);
      await forgetActivationNodes(harness.context);
      expect(await harness.nodes(late), "the last moment in which they are kept").toHaveLength(2);
      harness.clock.advance(1);
      // Several processes look.
      await Promise.all([forgetActivationNodes(harness.context), forgetActivationNodes(harness.context)]);
      expect(value(await listActivations(harness.context, id))).toEqual(before);
      for (const kept of [inForce, last]) expect(await harness.nodes(kept)).toHaveLength(2);
      for (const [old, percentComplete] of [
        [first, 100],
        [late, 50],
      ] as const)
        expect(value(await getActivationNodes(harness.context, idsOf(old)))).toEqual({
          percentComplete,
          nodes: [],
          nodesForgotten: true,
        });
      expect(await harness.context.store.db.selectFrom("activation_nodes").selectAll().execute()).toHaveLength(4);
    });

    test("goes for all of them, some at a time and the oldest first, and for none that is under way", async () => {
      const harness = await DeploymentHarness.open(open());
      const node = await harness.node("s1", on);
      const id = await harness.caSet([a], [b]);
      for (let i = 0; i < 12; i++) {
        await harness.activate(id, 1 + (i % 2), on);
        await harness.report(node, id, "verified");
      }
      await harness.activate(id, 1, on);
      harness.clock.advance(2 * nodesKeptDays * dayMs);
      let hadTurn = false;
      setImmediate(() => (hadTurn = true));
      const left = async () => {
        const nodes = harness.context.store.db.selectFrom("activation_nodes").select("activation_id");
        return (await nodes.orderBy("activation_id").execute()).map(({ activation_id }) => activation_id);
      };
      await forgetActivationNodes(harness.context, 5);
      expect(hadTurn, "others are served in between").toBe(true);
      expect(await left()).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
      await forgetActivationNodes(harness.context);
      expect(await left()).toEqual([12, 13]);
    });
  });
}

describeForgetting("SQLite", openMemoryStore);

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: nodes of old deployments on PostgreSQL (${missing})`);
describe.skipIf(missing !== undefined)("on a server", () => {
  let server: PostgresServer;
  let count = 0;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());
  describeForgetting("PostgreSQL", async () => openPostgresStore(await server.createDatabase(`forget_${count++}`)));
});
