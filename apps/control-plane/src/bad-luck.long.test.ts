import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { caSetList } from "@tcm/api-contract";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { apiClient } from "./testing/api-client.ts";
import { ControlPlaneProcess, runTokenMain } from "./testing/control-plane-process.ts";

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

/** A file system of its own, of a few megabytes; undefined where this process may not mount one. */
function smallDisk(): string | undefined {
  const directory = temporaryDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", directory], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", directory]));
  return directory;
}

/** Takes all the room that is left, to the last byte. */
function fill(file: string): void {
  const descriptor = openSync(file, "w");
  try {
    for (let size = 65_536; size >= 1; size = size / 2) writeAsLongAsThereIsRoom(descriptor, Buffer.alloc(size));
  } finally {
    closeSync(descriptor);
  }
}

function writeAsLongAsThereIsRoom(descriptor: number, bytes: Buffer): void {
  for (;;) {
    try {
      if (writeSync(descriptor, bytes) === 0) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return;
      throw error;
    }
  }
}

describe("a control plane whose disk is full", () => {
  test("refuses writes, goes on reading, writes again with room, and has lost nothing", {
    timeout: 120_000,
  }, async (context) => {
    const disk = smallDisk();
    if (disk === undefined) return context.skip("mounting a small file system needs the rights of root");
    const directory = join(disk, "data");
    const running = await start(directory);
    const ask = apiClient(running.url, await adminToken(directory));
    const acknowledged: string[] = [];
    const attempt = async (name: string) => {
      const { status, body } = await create(ask, name);
      if (status === 201) acknowledged.push(name);
      return status === 201 ? "created" : body;
    };
    expect(await attempt("before")).toBe("created");
    fill(join(disk, "ballast"));
    const refused: unknown[] = [];
    // What the write-ahead log had reserved is used up first.
    for (let i = 0; i < 500 && refused.length < 3; i++) {
      const answer = await attempt(`full-${i}`);
      if (answer !== "created") refused.push(answer);
    }
    const full = { status: 500, detail: expect.stringMatching(/^The disk of the store is full\. /) };
    expect(refused).toMatchObject([full, full, full]);
    expect(await names(ask)).toEqual(acknowledged.toSorted());
    expect((await ask("GET", "//readyz")).status).toBe(503);
    rmSync(join(disk, "ballast"));
    expect(await attempt("after")).toBe("created");
    expect(await running.end("SIGKILL")).toMatchObject({ signal: "SIGKILL" });
    const again = await start(directory);
    expect(await names(apiClient(again.url, await adminToken(directory)))).toEqual(acknowledged.toSorted());
  });
});

describe("a data directory that has become read-only", () => {
  test("is named at the start, and served again when it can be written", { timeout: 120_000 }, async (context) => {
    const disk = smallDisk();
    if (disk === undefined) return context.skip("mounting a small file system needs the rights of root");
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
      "changed by a newer version",
      (file: string) =>
        execute(file, "INSERT INTO kysely_migration VALUES ('9999-future', '2030-01-01T00:00:00.000Z')"),
      /changed by a newer version/,
    ],
    [
      "of another program",
      (file: string) => {
        rmSync(file);
        execute(file, "CREATE TABLE holidays (place TEXT)");
      },
      /is a database of another program\. Nothing was changed/,
    ],
  ])("%s: said in one sentence, and the file is left as it is", { timeout: 60_000 }, async (_what, harm, words) => {
    const { directory, file } = await harmed(harm);
    const before = readFileSync(file);
    const { code, stderr } = await restart(directory).exited;
    expect(stderr).toMatch(/^tcm: .+\n$/);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
    expect(readFileSync(file)).toEqual(before);
  });
});

function execute(file: string, statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}
