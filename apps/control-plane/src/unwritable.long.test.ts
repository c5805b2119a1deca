import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { activation, caSetList } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { openAuditKey } from "./audit/audit-key.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { openOperatorKey } from "./keys/operator-key.ts";
import { openExistingStore } from "./store/open-store.ts";
import { type Ask, apiClient, problemOf } from "./testing/api-client.ts";
import { certificateList, expectStatus } from "./testing/control-plane-harness.ts";
import { ControlPlaneProcess, runTokenMain } from "./testing/control-plane-process.ts";
import { FakeNode, staysSilent } from "./testing/fake-node.ts";
import { mountSmallDisk } from "./testing/small-disk.ts";

/** Takes away, from a running control plane, that it may write, and gives it back. */
type Way = {
  readonly what: string;
  /** Why it cannot be done here; undefined when it can. The last way can be gone wherever there is Linux. */
  readonly missing: string | undefined;
  /** An empty directory in which it can be done. */
  readonly place: () => string;
  readonly begin: (directory: string, pid: number) => void;
  readonly end: (directory: string, pid: number) => void;
  readonly says: RegExp;
};

const ways: readonly Way[] = [
  {
    what: "a disk that is full",
    missing: isRoot() ? undefined : "mounting a small file system needs the rights of root",
    place: mountSmallDisk,
    begin: (directory) => fill(join(directory, "../ballast")),
    end: (directory) => rmSync(join(directory, "../ballast")),
    says: /^The disk of the store is full\. Nothing was changed, and reads go on\./,
  },
  {
    what: "a data directory that has become immutable",
    missing: immutableMissing(),
    place: temporaryDirectory,
    begin: (directory) => {
      setImmutable("+i", directory);
      onTestFinished(() => setImmutable("-i", directory));
    },
    end: (directory) => setImmutable("-i", directory),
    says: /^The disk of the store takes no writes\. Nothing was changed, and reads go on\./,
  },
  {
    what: "a limit that lets it write to no file",
    missing: spawnSync("prlimit", ["--version"]).status === 0 ? undefined : 'install the package "util-linux"',
    place: temporaryDirectory,
    begin: (_directory, pid) => limitFiles("0", pid),
    end: (_directory, pid) => limitFiles("unlimited", pid),
    says: /^The disk of the store takes no writes\. Nothing was changed, and reads go on\./,
  },
];

for (const { what, missing } of ways)
  if (missing !== undefined) console.warn(`skipped: a control plane on ${what} (${missing})`);

describe("a control plane that can write no more while it runs", () => {
  test.each(
    ways.filter(({ missing }) => missing === undefined),
  )("$what: refuses writes, reads on, goes on by itself afterwards, and has lost nothing", async ({
    place,
    begin,
    end,
    says,
  }) => {
    const directory = join(place(), "data");
    mkdirSync(directory);
    const running = await start(directory);
    const pid = running.child.pid ?? 0;
    const [admin, unused] = [await newToken(directory), await newToken(directory)];
    const ask = apiClient(running.url, admin);
    const writes = openWrites(ask);
    const node = await FakeNode.connect(running.ready.nodeUrl, running.localNode("STAGING"), staysSilent);
    onTestFinished(() => node.close());
    const deployment = await deploy(ask);
    expect(await writes.attempt("before")).toBe("created");
    await node.until(() => node.announced.length > 0);

    begin(directory, pid);
    const refused = await writes.untilRefused(3);
    for (const answer of refused) {
      const { slug, detail } = problemOf(answer);
      expect([answer.status, slug, answer.headers["retry-after"] !== undefined]).toEqual([
        503,
        "store-not-writable",
        true,
      ]);
      expect(detail).toMatch(says);
    }
    // A token that was never used would be noted as used now.
    for (const token of [admin, unused])
      expect(await names(apiClient(running.url, token))).toEqual([...writes.acknowledged, "deployed"].toSorted());
    expect((await ask("GET", `/${deployment}`)).body).toMatchObject({ activationStatus: "IN_PROGRESS" });
    await readyz(ask).toMatchObject({
      status: 503,
      body: { checks: { storeWritable: "The store cannot be written." } },
    });
    // What a node proves cannot be written down: it is told to come again, and says it again.
    for (const { entry } of node.announced) node.reports(entry, "verified");
    await node.closed();
    expect(node.goodbye?.reason).toBe("Reports were lost.");

    end(directory, pid);
    expect(await writes.attempt("after")).toBe("created");
    await readyz(ask).toMatchObject({ status: 200 });
    const again = await FakeNode.connect(running.ready.nodeUrl, running.localNode("STAGING"));
    onTestFinished(() => again.close());
    await expect
      .poll(async () => (await ask("GET", `/${deployment}`)).body, { timeout: 60_000 })
      .toMatchObject({ activationStatus: "COMPLETE" });
    expect(await running.end("SIGKILL")).toMatchObject({ signal: "SIGKILL" });
    const next = await start(directory);
    expect(await names(apiClient(next.url, admin))).toEqual([...writes.acknowledged, "deployed"].toSorted());
    expect(await auditFaults(directory)).toEqual([]);
  });
});

describe("a disk that is full", () => {
  // The index of the write-ahead log cannot be made, which SQLite does not tell from a broken disk.
  const full = /^tcm: The disk of the store (is full|takes no writes)\. Mend that, and start this again\.\n$/;
  test.skipIf(!isRoot())("is named by a first start, and by what writes beside a control plane", async () => {
    const directory = join(mountSmallDisk(), "data");
    mkdirSync(directory);
    fill(join(directory, "../ballast"));
    const first = await ControlPlaneProcess.spawn("--data", directory, "--port", "0", "--node-port", "0").exited;
    expect(first.stderr).toMatch(full);
    expect(first.code).toBe(2);
    rmSync(join(directory, "../ballast"));
    await (await start(directory)).end("SIGTERM");
    fill(join(directory, "../ballast"));
    const beside = await runTokenMain("--role", "admin", "--data", directory);
    expect(beside.stderr).toMatch(full);
    expect(beside.code).toBe(2);
  });
});

describe("a store whose file is mostly free space", () => {
  test.skipIf(!isRoot())("is served without room to make it smaller, and with room it becomes smaller", async () => {
    const disk = mountSmallDisk(230);
    const directory = join(disk, "data");
    mkdirSync(directory);
    await (await start(directory)).end("SIGTERM");
    const file = join(directory, "store.sqlite");
    const database = new DatabaseSync(file);
    database.exec("PRAGMA journal_mode = DELETE");
    for (const [key, megabytes] of [
      ["deleted", 110],
      ["kept", 50],
    ] as const)
      database.prepare("INSERT INTO meta VALUES (?, ?)").run(key, "v".repeat(megabytes * 1_048_576));
    database.exec("DELETE FROM meta WHERE key = 'deleted'");
    database.close();
    const before = statSync(file).size;
    writeFileSync(join(disk, "ballast"), Buffer.alloc(40 * 1_048_576));

    const crowded = await start(directory);
    expect(await create(crowded, directory, "crowded")).toBe(201);
    expect((await crowded.end("SIGTERM")).stderr).toContain(
      "free space of the store could not be given back to the disk",
    );
    expect(statSync(file).size).toBe(before);
    rmSync(join(disk, "ballast"));

    const roomy = await start(directory);
    expect(await create(roomy, directory, "roomy")).toBe(201);
    expect((await roomy.end("SIGTERM")).stderr).toContain("free space of the store was given back to the disk");
    expect(statSync(file).size).toBeLessThan(before / 2);
    expect(await auditFaults(directory)).toEqual([]);
  });
});

async function create({ url }: ControlPlaneProcess, directory: string, caSetName: string): Promise<number> {
  const ask = apiClient(url, await newToken(directory));
  return (await ask("POST", "/ca-sets", { body: { caSetName } })).status;
}

async function start(directory: string): Promise<ControlPlaneProcess> {
  const started = await ControlPlaneProcess.start(directory);
  onTestFinished(async () => void (await started.end("SIGKILL")));
  return started;
}

const newToken = async (directory: string) =>
  (await runTokenMain("--role", "admin", "--data", directory)).stdout.trim();

/** Begins a deployment to staging; answers its link. */
async function deploy(ask: Ask): Promise<string> {
  const created = await ask("POST", "/ca-sets", { body: { caSetName: "deployed" } });
  const { caSetId } = created.body as { readonly caSetId: string };
  const body = { certificates: certificateList([testPki({ now: new Date() }).root("A")]) };
  await ask("POST", `/ca-sets/${caSetId}/versions`, { body });
  const begun = await ask("POST", `/ca-sets/${caSetId}/versions/1/activate`, { body: { network: "STAGING" } });
  return expectStatus(begun, 202, activation).activationLink.split("/v2/").at(-1) ?? "";
}

/** Makes sets, and keeps account of those that were acknowledged. */
function openWrites(ask: Ask) {
  const acknowledged: string[] = [];
  const attempt = async (caSetName: string) => {
    const answer = await ask("POST", "/ca-sets", { body: { caSetName } });
    if (answer.status !== 201) return answer;
    acknowledged.push(caSetName);
    return "created" as const;
  };
  /** On a full disk, what the write-ahead log had reserved is used up first. */
  const untilRefused = async (times: number) => {
    const refused: Exclude<Awaited<ReturnType<typeof attempt>>, string>[] = [];
    for (let i = 0; i < 190 && refused.length < times; i++) {
      const answer = await attempt(`meanwhile-${i}`);
      if (answer !== "created") refused.push(answer);
    }
    expect(refused).toHaveLength(times);
    return refused;
  };
  return { acknowledged, attempt, untilRefused };
}

async function names(ask: Ask): Promise<readonly string[]> {
  const { caSets } = expectStatus(await ask("GET", "/ca-sets"), 200, caSetList);
  return caSets.map(({ caSetName }) => caSetName).toSorted();
}

/** An answer is at most a second old. */
const readyz = (ask: Ask) =>
  expect.poll(() => ask("GET", "//readyz", { token: null }), { timeout: 60_000, interval: 100 });

async function auditFaults(directory: string): Promise<readonly unknown[]> {
  const store = await openExistingStore(directory);
  onTestFinished(() => store.close());
  return (await verifyAudit(store.db, await openAuditKey(store, openOperatorKey(directory)))).faults;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function setImmutable(change: "+i" | "-i", directory: string): void {
  execFileSync("chattr", ["-R", change, directory], { stdio: "pipe" });
}

/** Not every file system has the attribute, and containers are often not allowed to set it. */
function immutableMissing(): string | undefined {
  if (!isRoot()) return "making files immutable needs the rights of root";
  const probe = createTemporaryDirectory();
  const made = spawnSync("chattr", ["+i", probe], { encoding: "utf8" });
  spawnSync("chattr", ["-i", probe]);
  removeDirectory(probe);
  return made.status === 0 ? undefined : `chattr +i: ${made.error?.message ?? made.stderr.trim()}`;
}

/** The soft limit, RLIMIT_FSIZE, which can be raised again. */
function limitFiles(bytes: string, pid: number): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`], { stdio: "pipe" });
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
