import { createHash } from "node:crypto";
import { type CutOffClient, maxReportedClients } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { admin, DeploymentHarness, idsOf, value } from "../../testing/deployment-harness.ts";
import { activateVersion } from "./activate-version.ts";
import type { DeploymentContext } from "../deployment-context.ts";
import { drainNode } from "../edge-nodes/drain-node.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import { excludeNode } from "./change-activation.ts";
import { recordHandshakes } from "../handshakes/record-handshakes.ts";
import { removedAnchorRefusals } from "../handshakes/removed-anchor-refusals.ts";
import { settleOverdue } from "./settle-overdue.ts";

const pki = testPki();
const [kept, removed] = [pki.root("Kept"), pki.root("Removed")];
const on = "STAGING" as const;
const stream = "0".repeat(16);
const digest = (name: string) => createHash("sha256").update(name).digest("hex");
const strangers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => digest(`stranger ${from + i}`));

/** Version 2 takes a CA away, and is on its way with one node first; p1 is asked first. */
async function removal(maxRefusals = 0) {
  const harness = await DeploymentHarness.open();
  const context: DeploymentContext = { ...harness.context, removedAnchorRefusals };
  const nodes = [await harness.node("p1", on), await harness.node("p2", on), await harness.node("p3", on)] as const;
  const caSetId = await harness.caSet([kept, removed], [kept]);
  await harness.activate(caSetId, 1, on);
  for (const node of nodes) await harness.report(node, caSetId, "verified");
  const deploy = async () => {
    const wish = { version: 2, network: on, oneNodeFirst: { observationMs: 30_000, maxRefusals } };
    return value(await activateVersion(context, admin, caSetId, wish));
  };
  let sequence = 0;
  const tell = async (
    node: AuthenticatedNode,
    about: { clients?: readonly string[]; cutOff?: readonly CutOffClient[] },
  ) => {
    const { clients = [], cutOff = [] } = about;
    const known = { caSetId: String(caSetId), anchor: removed.fingerprint, notAfter: 4_000_000_000, lastSeen: 0 };
    const told = { clients: clients.map((fingerprint) => ({ ...known, fingerprint })), cutOff: [...cutOff] };
    const report = { stream, sequence: ++sequence, lost: 0, counts: [], ...told };
    await recordHandshakes(context, [{ node, report }]);
  };
  const begun = await deploy();
  const [epoch = 0, number = 0] = begun.generation.split(".").map(Number);
  const cutOff = (fingerprints: readonly string[], isProved = true, generation = { epoch, number }) =>
    fingerprints.map((fingerprint) => ({ caSetId: String(caSetId), generation, fingerprint, isProved, lastSeen: 0 }));
  const settled = async (activation = begun) => {
    await settleOverdue(context);
    return harness.read(activation);
  };
  return { harness, context, nodes, caSetId, deploy, tell, begun, cutOff, settled };
}

describe("strangers in mass hide nobody whom a removal cut off", () => {
  test("who was let in before counts, however many came first that never were", async () => {
    const { nodes, tell, cutOff, settled, harness } = await removal();
    await tell(nodes[0], { clients: [digest("partner")] });
    const { db } = harness.context.store;
    await tell(nodes[0], { cutOff: cutOff(strangers(1), false) });
    // As thousands of reports would, in one statement.
    await sql`
      WITH RECURSIVE stranger (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM stranger WHERE n < 10000)
      INSERT INTO handshake_cut_off
      SELECT network, ca_set_id, epoch, generation, printf('%064x', n), node_id, is_proved, last_seen_at
      FROM handshake_cut_off, stranger`.execute(db);
    const rowCount = async () => (await db.selectFrom("handshake_cut_off").select("fingerprint").execute()).length;
    const before = await rowCount();
    await tell(nodes[0], { cutOff: cutOff(strangers(10, 10), false) });
    expect(await rowCount()).toBe(before);
    expect(await settled()).toMatchObject({ activationStatus: "IN_PROGRESS" });
    await tell(nodes[0], { cutOff: cutOff([digest("partner")], false) });
    expect(await settled()).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringMatching(/^1 client .* was refused, of at most 0, by the word of p1\./) as string,
    });
  });

  test("more than a node can name is more than anybody counted, and goes no further", async () => {
    const { nodes, tell, cutOff, settled } = await removal(5);
    await tell(nodes[0], { clients: [digest("partner")] });
    await tell(nodes[0], { cutOff: cutOff(strangers(maxReportedClients), false) });
    expect(await settled()).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringMatching(
        /^More clients .* than could be told apart.*, by the word of p1\./,
      ) as string,
    });
  });

  test("nor anybody cut off from another set, of which a full list names nobody", async () => {
    const { context, harness, nodes, tell, cutOff, settled } = await removal(5);
    const other = await harness.caSet([kept, removed], [kept]);
    await tell(nodes[0], { clients: [digest("partner")] });
    await tell(nodes[0], { cutOff: cutOff([digest("partner")], false) });
    expect(await settled()).toMatchObject({ activationStatus: "IN_PROGRESS" });
    const named = cutOff(strangers(maxReportedClients), false, { epoch: 1, number: 1 });
    await tell(nodes[0], { cutOff: named.map((one) => ({ ...one, caSetId: String(other) })) });
    expect(await settled()).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringMatching(
        /^More clients .* than could be told apart.*, by the word of p1\./,
      ) as string,
    });
    // It was told of staging alone.
    const rows = await context.store.db.selectFrom("handshake_cut_off").select("network").distinct().execute();
    expect(rows).toEqual([{ network: on }]);
  });
});

describe("a stranger is not said to be a client that was cut off", () => {
  test("where no client was ever counted", async () => {
    const { nodes, tell, cutOff, settled } = await removal();
    await tell(nodes[0], { cutOff: cutOff(strangers(1), false) });
    expect(await settled()).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringMatching(
        /^1 client that names a CA .* could not be told from strangers .*, by the word of p1\./,
      ) as string,
    });
  });

  test("and so many as may be refused stop nothing", async () => {
    const { nodes, tell, cutOff, settled } = await removal(2);
    await tell(nodes[0], { cutOff: cutOff(strangers(2), false) });
    expect(await settled()).toMatchObject({ activationStatus: "IN_PROGRESS" });
    await tell(nodes[0], { cutOff: cutOff(strangers(1, 2), false) });
    expect(await settled()).toMatchObject({ activationStatus: "FAILED" });
  });
});

describe("a node that says what is not so", () => {
  test("stops a deployment, which names it; drained, it stops no other", async () => {
    const { context, nodes, deploy, tell, cutOff, settled } = await removal(1);
    await tell(nodes[1], { cutOff: cutOff([digest("a")]) });
    await tell(nodes[0], { cutOff: cutOff(["a", "b", "c"].map(digest)) });
    expect(await settled()).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringContaining(
        "3 clients whose CA this change removed were refused, of at most 1, by the word of p1, p2. If these nodes cannot be believed, drain",
      ) as string,
    });
    value(await drainNode(context, admin, "p1", true));
    const again = await deploy();
    const [epoch = 0, number = 0] = again.generation.split(".").map(Number);
    await tell(nodes[0], { cutOff: cutOff(["a", "b", "c"].map(digest), true, { epoch, number }) });
    expect(await settled(again)).toMatchObject({ activationStatus: "IN_PROGRESS", failureReason: null });
    await tell(nodes[2], { cutOff: cutOff(["d", "e"].map(digest), true, { epoch, number }) });
    expect(await settled(again)).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringContaining(
        "2 clients whose CA this change removed were refused, of at most 1, by the word of p3.",
      ) as string,
    });
  });

  test("counts no more once it is excluded from the deployment that runs", async () => {
    const { context, nodes, tell, begun, cutOff, settled } = await removal();
    value(await excludeNode(context, admin, idsOf(begun), "p2"));
    await tell(nodes[1], { cutOff: cutOff([digest("a")]) });
    expect(await settled()).toMatchObject({ activationStatus: "IN_PROGRESS" });
  });
});
