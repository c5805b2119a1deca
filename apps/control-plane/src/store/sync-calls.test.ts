import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);
const writer = join(import.meta.dirname, "../testing/commit-writer.ts");
const commits = 40;

/** Why system calls cannot be watched here; undefined when they can. In CI they have to be. */
function straceMissing(): string | undefined {
  const { status, error } = spawnSync("strace", ["-o", "/dev/null", "true"]);
  if (error === undefined && status === 0) return undefined;
  const reason = error === undefined ? "strace may not trace processes here" : 'install the package "strace"';
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

/** How many commits were acknowledged, and how many of them without a sync call since the one before. */
async function watch(...pragma: readonly string[]) {
  const directory = temporaryDirectory();
  const trace = join(directory, "trace");
  const options = ["-f", "-s", "32", "-e", "trace=fsync,fdatasync,write", "-o", trace];
  const program = [process.execPath, writer, join(directory, "data"), String(commits), ...pragma];
  await run("strace", [...options, ...program]);
  let synced = false;
  const answer = { acknowledged: 0, unsynced: 0 };
  for (const line of readFileSync(trace, "utf8").split("\n")) {
    if (/ (fsync|fdatasync)\(/.test(line)) synced = true;
    if (line.includes(' write(1, "ready')) synced = false;
    if (!line.includes(' write(1, "acknowledged')) continue;
    answer.acknowledged += 1;
    if (!synced) answer.unsynced += 1;
    synced = false;
  }
  return answer;
}

const missing = straceMissing();
if (missing !== undefined) console.warn(`skipped: sync calls of the embedded store (${missing})`);

describe.skipIf(missing !== undefined)("what the embedded store acknowledges is on disk", () => {
  test("the file is synced before every acknowledgement", async () => {
    expect(await watch()).toEqual({ acknowledged: commits, unsynced: 0 });
  });

  test.each(["synchronous = NORMAL", "synchronous = OFF"])("and with %s this test would notice", async (pragma) => {
    const { acknowledged, unsynced } = await watch(pragma);
    expect(acknowledged).toBe(commits);
    expect(unsynced).toBeGreaterThan(commits / 2);
  });
});
