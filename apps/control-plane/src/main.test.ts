import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { caSetList } from "@tcm/api-contract";
import { freePorts, temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { apiClient } from "./testing/api-client.ts";
import { ControlPlaneProcess, type Exit, runTokenMain } from "./testing/control-plane-process.ts";

/** What a person reads: one sentence, no stack, exit code 2. */
function expectOneSentence(
  { code, stderr }: Pick<Exit, "stderr"> & { readonly code: number | null },
  words: RegExp,
): void {
  expect(stderr).toMatch(/^tcm: .+\n$/);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
}

async function start(directory: string): Promise<ControlPlaneProcess> {
  const started = await ControlPlaneProcess.start(directory);
  onTestFinished(async () => void (await started.end("SIGKILL")));
  return started;
}

const run = async (...args: readonly string[]): Promise<Exit> => ControlPlaneProcess.spawn(...args).exited;
const any = ["--port", "0", "--node-port", "0"];

describe("what cannot start says why in one sentence", () => {
  test("a setting that is none", async () => {
    const words = /--port takes a whole number from 0 to 65535, not "70000"/;
    expectOneSentence(await run("--data", "x", "--port", "70000"), words);
  });

  test("a port in use, the one or the other, and the data directory is free again", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as { readonly port: number };
    const directory = temporaryDirectory();
    for (const [api, node] of [
      [port, 0],
      [0, port],
    ]) {
      const { code, stderr } = await run("--data", directory, "--port", `${api}`, "--node-port", `${node}`);
      const said = stderr.split("\n").filter((line) => !line.startsWith("{"));
      expectOneSentence({ code, stderr: said.join("\n") }, new RegExp(`Port ${port} is in use`));
    }
    await start(directory);
  });

  test("a data directory in use by another process, which is not disturbed", async () => {
    const directory = temporaryDirectory();
    const first = await start(directory);
    expectOneSentence(await run("--data", directory, ...any), /is in use by another process/);
    await expect.poll(async () => (await apiClient(first.url, "")("GET", "//readyz")).status).toBe(200);
  });

  test("a data directory that is a file", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expectOneSentence(await run("--data", file, ...any), /cannot be written/);
  });

  test("a store that is no database, and it is left as it is", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "store.sqlite");
    writeFileSync(file, "my holiday pictures ".repeat(1_000));
    const before = readFileSync(file);
    expectOneSentence(await run("--data", directory, ...any), /is not a readable store .*Nothing was changed/);
    expect(readFileSync(file)).toEqual(before);
  });

  test("a store whose content was damaged", async () => {
    const directory = temporaryDirectory();
    await (await ControlPlaneProcess.start(directory)).end("SIGTERM");
    const file = join(directory, "store.sqlite");
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 100, 4_000));
    expectOneSentence(await run("--data", directory, ...any), /store/);
  });

  test("an operator key that others may read, is missing its bytes, or is another one", async () => {
    const directory = temporaryDirectory();
    await (await ControlPlaneProcess.start(directory)).end("SIGTERM");
    const file = join(directory, "operator.key");
    const good = readFileSync(file);
    chmodSync(file, 0o644);
    expectOneSentence(await run("--data", directory, ...any), /can be read by others/);
    chmodSync(file, 0o600);
    writeFileSync(file, "short\n");
    expectOneSentence(await run("--data", directory, ...any), /not a key of 32 bytes/);
    writeFileSync(file, `${Buffer.alloc(32, 7).toString("base64")}\n`);
    expectOneSentence(await run("--data", directory, ...any), /does not open the signing keys/);
    writeFileSync(file, good);
    await start(directory);
  });
});

describe("a running control plane", () => {
  test("makes a directory that only its user reads, with secrets of mode 0600", async () => {
    const directory = join(temporaryDirectory(), "made", "here");
    await start(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const secrets = ["operator.key", ...readdirSync(join(directory, "nodes")).map((name) => join("nodes", name))];
    expect(secrets).toHaveLength(3);
    for (const name of secrets) expect(statSync(join(directory, name)).mode & 0o077, name).toBe(0);
  });

  test("SIGTERM and SIGINT end it cleanly, and everything is there at the next start", async () => {
    const directory = temporaryDirectory();
    const first = await ControlPlaneProcess.start(directory);
    const token = (await runTokenMain("--role", "admin", "--data", directory)).stdout.trim();
    const created = await apiClient(first.url, token)("POST", "/ca-sets", { body: { caSetName: "kept" } });
    expect(created.status).toBe(201);
    const identity = first.localNode("STAGING");
    expect(await first.end("SIGTERM")).toMatchObject({ code: 0, signal: null });
    const second = await start(directory);
    const { caSets } = caSetList.parse((await apiClient(second.url, token)("GET", "/ca-sets")).body);
    expect(caSets.map(({ caSetName }) => caSetName)).toEqual(["kept"]);
    // Nodes that are running go on with the certificate that they have.
    const { certificate, privateKey } = identity;
    expect(second.localNode("STAGING")).toMatchObject({ certificate, privateKey });
    expect(await second.end("SIGINT")).toMatchObject({ code: 0, signal: null });
  });

  test("ends when its parent goes", async () => {
    const running = await start(temporaryDirectory());
    running.child.disconnect();
    expect(await running.exited).toMatchObject({ code: 0 });
  });

  test("ends when its parent goes before it is ready", async () => {
    const starting = ControlPlaneProcess.spawn("--data", temporaryDirectory(), ...any);
    starting.child.disconnect();
    expect((await starting.exited).code).toBe(0);
  });

  test("killed hard, it starts again, with nothing to clean up first", async () => {
    const directory = temporaryDirectory();
    const ports = await freePorts(2);
    for (let round = 0; round < 2; round++) await (await ControlPlaneProcess.start(directory, ports)).end("SIGKILL");
    expect(await (await ControlPlaneProcess.start(directory, ports)).end("SIGTERM")).toMatchObject({ code: 0 });
  });

  test("writes no token and no credential into its log", async () => {
    const directory = temporaryDirectory();
    const running = await start(directory);
    const token = (await runTokenMain("--role", "viewer", "--data", directory)).stdout.trim();
    const { privateKey } = running.localNode("STAGING");
    await apiClient(running.url, token)("GET", "/ca-sets");
    const { stderr } = await running.end("SIGTERM");
    expect(stderr).toContain("/ca-sets");
    expect(stderr).not.toContain(token);
    expect(stderr).not.toContain(privateKey.split("\n")[1]);
  });
});

describe("making a token", () => {
  test("prints only the token, with the server running and without", async () => {
    const directory = temporaryDirectory();
    const running = await start(directory);
    const online = await runTokenMain("--role", "admin", "--data", directory);
    expect(online).toMatchObject({ code: 0, stderr: "" });
    expect(online.stdout).toMatch(/^tcm_[A-Za-z0-9_-]{43}\n$/);
    expect((await apiClient(running.url, online.stdout.trim())("GET", "/ca-sets")).status).toBe(200);
    await running.end("SIGTERM");
    const offline = await runTokenMain("--role", "viewer", "--data", directory);
    const again = await start(directory);
    const ask = apiClient(again.url, offline.stdout.trim());
    expect((await ask("GET", "/ca-sets")).status).toBe(200);
    expect((await ask("POST", "/ca-sets", { body: { caSetName: "never" } })).status).toBe(403);
  });

  test("works while the server is making its store: each process sees all of it", async () => {
    const directory = temporaryDirectory();
    const starting = start(directory);
    await expect.poll(() => existsSync(join(directory, "store.sqlite")), { timeout: 120_000, interval: 1 }).toBe(true);
    const runs = [1, 2].map(() => runTokenMain("--role", "viewer", "--data", directory));
    for (const made of await Promise.all(runs)) {
      expect(made).toMatchObject({ code: 0, stderr: "" });
      expect((await apiClient((await starting).url, made.stdout.trim())("GET", "/ca-sets")).status).toBe(200);
    }
  });

  test("needs a store, and makes none", async () => {
    const directory = temporaryDirectory();
    expectOneSentence(await runTokenMain("--role", "admin", "--data", directory), /There is no store in /);
    expect(readdirSync(directory)).toEqual([]);
    mkdirSync(join(directory, "store.sqlite"));
    expectOneSentence(await runTokenMain("--role", "admin", "--data", directory), /not a readable store/);
  });

  test.each([
    ["a role that is none", ["--role", "root", "--data", "x"], /--role takes one of/],
    ["no role", ["--data", "x"], /--role/],
    ["no directory", ["--role", "admin"], /--data DIR is missing/],
  ])("refuses %s", async (_what, args, words) => {
    expectOneSentence(await runTokenMain(...args), words);
  });
});

const hasFullDevice = existsSync("/dev/full");
if (!hasFullDevice) console.warn("skipped: a log that cannot be written (no /dev/full here)");

describe.skipIf(!hasFullDevice)("a log that cannot be written", () => {
  test("stops nothing: requests are answered, and the process ends as it should", async () => {
    const directory = temporaryDirectory();
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));
    const running = await ControlPlaneProcess.start(directory, [0, 0], [], { log: full });
    onTestFinished(async () => void (await running.end("SIGKILL")));
    const ask = apiClient(running.url, (await runTokenMain("--role", "admin", "--data", directory)).stdout.trim());
    for (let i = 0; i < 3; i++) {
      expect((await ask("POST", "/ca-sets", { body: { caSetName: `set-${i}` } })).status).toBe(201);
      expect((await ask("GET", "/ca-sets/99")).status).toBe(404);
    }
    expect(await running.end("SIGTERM")).toMatchObject({ code: 0 });
  });
});
