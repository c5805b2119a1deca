import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { problemOf } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { overwriteTable } from "../testing/overwrite-table.ts";

test("a store that is damaged while it is served: a problem of its own, not ready, and said once in the log", async () => {
  const plane = await ControlPlaneHarness.start();
  onTestFinished(() => plane.remove());
  const { db } = plane.controlPlane.context.store;
  expect((await plane.ask("GET", "/ca-sets")).status).toBe(200);
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
  overwriteTable(join(plane.directory, "store.sqlite"), "ca_sets");
  await sql`PRAGMA shrink_memory`.execute(db);

  const answers = [
    await plane.ask("GET", "/ca-sets"),
    await plane.ask("POST", "/ca-sets", { body: { caSetName: "new" } }),
  ];
  for (const answer of answers) {
    expect([answer.status, problemOf(answer).slug]).toEqual([503, "store-damaged"]);
    expect(problemOf(answer).detail).toMatch(/^The store is damaged\. .*restore the last backup/);
  }
  await expect
    .poll(async () => (await plane.ask("GET", "//readyz", { token: null })).body, { timeout: 120_000 })
    .toMatchObject({ reasons: ["The store is damaged."], checks: { storeIntact: "The store is damaged." } });
  expect(plane.log.match(/"msg":"the store is damaged: stop this/g)).toHaveLength(1);
});
