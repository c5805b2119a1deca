import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { caSetList } from "@tcm/api-contract";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { migrationSteps } from "./store/migrate.ts";
import { apiClient } from "./testing/api-client.ts";
import { ControlPlaneProcess, runMain, runTokenMain } from "./testing/control-plane-process.ts";
import { mountSmallDisk } from "./testing/small-disk.ts";

type Ask = ReturnType<typeof apiClient>;

async function start(directory: string): Promise<ControlPlaneProcess> {
  const started = await ControlPlaneProcess.start(directory);
  onTestFinished(async () => void (await started.end("SIGKILL")));
  return started;
}

const restart = (directory: string) =>
  ControlPlaneProcess.spawn("--data", directory, "--port", "0", "--node-port", "0");
const create = async (ask: Ask, caSetName: string) => await ask("POST", "/ca-sets", { body: { caSetName } });

async function names(ask: Ask): Promise<readonly string[]> {
  const { caSets } = caSetList.parse((await ask("GET", "/ca-sets")).body);
  return caSets.map(({ caSetName }) => caSetName).toSorted();
}

const adminToken = async (directory: string) =>
  (await runTokenMain("--role", "admin", "--data", directory)).stdout.trim();

const mountMissing = process.getuid?.() === 0 ? undefined : "mounting a small file system needs the rights of root";
if (mountMissing !== undefined) console.warn(`skipped: a read-only data directory at the start (${mountMissing})`);

describe.skipIf(mountMissing !== undefined)("a data directory that has become read-only", () => {
  test("is named at the start, and served again when it can be written", async () => {
    const disk = mountSmallDisk();
    const directory = join(disk, "data");
    const first = await start(directory);
    expect(await create(apiClient(first.url, await adminToken(directory)), "kept")).toMatchObject({ status: 201 });
    await first.end("SIGTERM");
    execFileSync("mount", ["-o", "remount,ro", disk]);
    const { code, stderr } = await restart(directory).exited;
    expect(stderr).toMatch(/^tcm: The data directory .* cannot be written: .*\n$/);
    expect(code).toBe(2);
    execFileSync("mount", ["-o", "remount,rw", disk]);
    const again = await start(directory);
    expect(await names(apiClient(again.url, await adminToken(directory)))).toEqual(["kept"]);
  });
});

describe("a store that this program cannot use", () => {
  /** A directory with a store, at rest, after `harm` to the store's file. */
  async function harmed(harm: (file: string) => void): Promise<{ readonly directory: string; readonly file: string }> {
    const directory = temporaryDirectory();
    await (await ControlPlaneProcess.start(directory)).end("SIGTERM");
    const file = join(directory, "store.sqlite");
    harm(file);
    return { directory, file };
  }

  test.each([
    ["torn in half", (file: string) => truncateSync(file, 150_000), /is not a readable store .*Nothing was changed/],
    [
      "of another program",
      (file: string) => {
        rmSync(file);
        execute(file, "CREATE TABLE holidays (place TEXT)");
      },
      /is a database of another program\. Nothing was changed/,
    ],
  ])("%s: said in one sentence, and the file is left as it is", async (_what, harm, words) => {
    const { directory, file } = await harmed(harm);
    const before = readFileSync(file);
    const { code, stderr } = await restart(directory).exited;
    expect(stderr).toMatch(/^tcm: .+\n$/);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
    expect(readFileSync(file)).toEqual(before);
  });
});

/**
 * What an older program meets is a migration that it does not know. Here the program of today is the older one: one built from the
 * history would need the packages of its time, and a history, which a clone need not have.
 */
describe("a store that a newer program has changed", () => {
  /** The tables as a migration after the last one left them, of which `oldestCode` is the oldest program that may go on. */
  async function changedByNewer(oldestCode: string) {
    const directory = temporaryDirectory();
    const first = await start(directory);
    const ask = apiClient(first.url, await adminToken(directory));
    expect(await create(ask, "kept")).toMatchObject({ status: 201 });
    await first.end("SIGTERM");
    const file = join(directory, "store.sqlite");
    execute(
      file,
      `ALTER TABLE ca_sets ADD COLUMN later TEXT NOT NULL DEFAULT 'x';
       INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01T00:00:00.000Z');
       INSERT INTO schema_steps VALUES ('9999-later', '${oldestCode}')`,
    );
    return { directory, file };
  }

  test("is refused in one sentence by every command, and left as it is", async () => {
    const { directory, file } = await changedByNewer("9999-later");
    const before = readFileSync(file);
    const started = await restart(directory).exited;
    const runs = await Promise.all([
      runTokenMain("--role", "viewer", "--data", directory),
      runMain("backup-main.ts", "--data", directory, "--file", join(directory, "backup")),
      runMain("audit-main.ts", "--data", directory),
    ]);
    for (const { code, stderr } of [started, ...runs]) {
      expect(stderr).toMatch(
        /^tcm: The store was changed by a newer version .* Start the newer version; nothing was changed\.\n$/,
      );
      expect(code).toBe(2);
    }
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(join(directory, "backup"))).toBe(false);
  });

  test("serves the older program where the newer one says that it may", async () => {
    const { directory } = await changedByNewer(Object.keys(migrationSteps).at(-1) ?? "");
    const older = await start(directory);
    const ask = apiClient(older.url, await adminToken(directory));
    expect(await create(ask, "made-by-the-older-one")).toMatchObject({ status: 201 });
    expect(await names(ask)).toEqual(["kept", "made-by-the-older-one"]);
    await expect
      .poll(() => ask("GET", "//readyz"), { timeout: 60_000 })
      .toMatchObject({ status: 200, body: { checks: { tables: "ok" } } });
    // The newer program comes a second time, and now asks for itself.
    execute(
      join(directory, "store.sqlite"),
      "UPDATE schema_steps SET oldest_code = '9999-later' WHERE migration = '9999-later'",
    );
    await expect
      .poll(() => ask("GET", "//readyz"), { timeout: 60_000 })
      .toMatchObject({
        status: 503,
        body: { checks: { tables: expect.stringContaining("A newer version") as string } },
      });
  });
});

function execute(file: string, statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}
