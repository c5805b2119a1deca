import { join } from "node:path";
import { fixedClock, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { operatorKey } from "../keys/operator-key.ts";
import { openSigningKeys } from "../keys/signing-keys.ts";
import { keySuccession } from "../keys/succeed-key.ts";
import { readPilotEntries } from "../manifest/pilot-entries.ts";
import { readEntries } from "../manifest/read-entries.ts";
import { activateVersion } from "../operations/activations/activate-version.ts";
import { recordReports } from "../operations/activations/record-reports.ts";
import { rotateSigningKey } from "../operations/signing-keys/rotate-signing-key.ts";
import { settleOverdue } from "../operations/activations/settle-overdue.ts";
import { openMemoryStore } from "../store/open-store.ts";
import { admin, DeploymentHarness, value } from "../testing/deployment-harness.ts";
import { restoreBackup } from "./restore-backup.ts";
import { writeBackup } from "./write-backup.ts";

const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];
const operator = operatorKey(Buffer.alloc(32, 7));
const key = operator.derive("backup");
const on = "STAGING" as const;

/** The same installation on a new store, an hour later. */
async function restored({ context }: DeploymentHarness) {
  const file = join(temporaryDirectory(), "a.backup");
  await writeBackup(context.store, key, file, "2026-06-01T00:00:00.000000Z");
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  await restoreBackup(store, { file, operatorKey: operator, key, now: context.clock() + 3_600_000 });
  const clock = fixedClock(new Date(context.clock() + 3_600_000).toISOString());
  return { context: { ...context, store, clock: clock.now }, clock };
}

describe("a restore in the middle of a deployment with one node first", () => {
  test("keeps who goes first: the others are told what was in force, and it goes on when that node proves it anew", async () => {
    const harness = await DeploymentHarness.open();
    const nodes = [await harness.node("s1", on), await harness.node("s2", on)];
    const id = await harness.caSet([a], [b]);
    await harness.activate(id, 1, on);
    for (const node of nodes) await harness.report(node, id, "verified");
    const wish = { version: 2, network: on, oneNodeFirst: { observationMs: 30_000, maxRefusals: 0 } };
    value(await activateVersion(harness.context, admin, id, wish));
    const { context, clock } = await restored(harness);
    const { db } = context.store;
    const [pilot] = await readPilotEntries(db, on);
    const [entry] = await readEntries(db, on);
    expect(pilot).toMatchObject({ nodeId: "s1", entry: { content: { version: 2 } } });
    expect(entry).toMatchObject({ content: { version: 1 } });
    if (pilot === undefined) throw new Error("nobody goes first");
    const { entryId, generation, digest } = pilot.entry;
    const report = { entryId, generation, digest, state: "verified" as const };
    await recordReports(context, [{ node: { nodeId: "s1", network: on }, report }]);
    clock.advance(30_000);
    await settleOverdue(context);
    expect(await readPilotEntries(db, on)).toEqual([]);
    expect((await readEntries(db, on))[0]).toMatchObject({ content: { version: 2 } });
  });
});

describe("a restore after signing keys were rotated", () => {
  test("has the key in use, sealed, and every word from the first key to it", async () => {
    const harness = await DeploymentHarness.open();
    const { store, clock } = harness.context;
    const before = await openSigningKeys(store, operator, clock);
    const context = { ...harness.context, succeedKey: keySuccession(operator) };
    for (const _ of [1, 2]) await rotateSigningKey(context, admin, on);
    await before.refresh(on);
    const again = await restored(harness);
    const after = await openSigningKeys(again.context.store, operator, clock);
    expect(after[on].keyId).toBe(before[on].keyId);
    expect(after.successors(on)).toEqual(before.successors(on));
    expect(after.successors(on)).toHaveLength(2);
    const rows = await again.context.store.db.selectFrom("signing_keys").selectAll().execute();
    for (const { private_key_sealed, retired_at } of rows)
      expect(private_key_sealed).toMatch(retired_at === null ? /^v1\./ : /^$/);
  });
});
