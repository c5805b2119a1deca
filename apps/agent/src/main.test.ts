import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, existsSync, openSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { agentMain } from "./index.ts";
import { spawnAgent, tryClient, writeIdentity } from "./testing/agent-process.ts";
import { caSet, testControlPlane } from "./testing/test-agent.ts";

const pki = testPki({ now: new Date() });
const root = pki.root("Root");
const stranger = pki.root("Stranger");

const hasFullDevice = existsSync("/dev/full");
if (!hasFullDevice) console.warn("skipped: a log that cannot be written (no /dev/full here)");

async function surroundings() {
  const plane = await testControlPlane();
  const directory = temporaryDirectory();
  const identity = writeIdentity(plane, directory);
  const args = ["--identity", identity, "--data", join(directory, "data"), "--port", "0"];
  return { plane, directory, identity, args };
}

describe("an agent process", () => {
  test("serves what is announced, to real clients, and after a restart without the control plane", async () => {
    const { plane, args } = await surroundings();
    const first = spawnAgent(args);
    const port = await first.ready;
    await plane.reported(plane.put(caSet(plane, "1", [root])), "verified");
    expect(plane.hellos[0]).toMatchObject({ engine: "built-in", engineVersion: "0.1.0", address: `127.0.0.1:${port}` });
    expect(await tryClient(port, "1", root.leaf("client"))).toBe(200);
    expect(await tryClient(port, "1", stranger.leaf("client"))).toBe(403);
    first.child.kill("SIGTERM");
    expect(await first.ended).toEqual([0, null]);
    await plane.stop();
    const second = spawnAgent(args);
    const portAfter = await second.ready;
    expect(await tryClient(portAfter, "1", root.leaf("client"))).toBe(200);
    expect(await tryClient(portAfter, "1", stranger.leaf("client"))).toBe(403);
    expect(first.stderr() + second.stderr()).not.toContain("secret");
  });

  test.skipIf(!hasFullDevice)("serves on when its log cannot be written", async () => {
    const { plane, args } = await surroundings();
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));
    const agent = spawnAgent(args, full);
    const port = await agent.ready;
    await plane.reported(plane.put(caSet(plane, "1", [root])), "verified");
    for (let i = 0; i < 3; i++) {
      expect(await tryClient(port, "1", root.leaf("client"))).toBe(200);
      expect(await tryClient(port, "1", stranger.leaf("client"))).toBe(403);
    }
    agent.child.kill("SIGTERM");
    expect(await agent.ended).toEqual([0, null]);
  });

  test("ends when its parent lets go of it", async () => {
    const { args } = await surroundings();
    const agent = spawnAgent(args);
    await agent.ready;
    agent.child.disconnect();
    expect(await agent.ended).toEqual([0, null]);
  });

  test("ends when its parent is killed hard", async () => {
    const { plane, args } = await surroundings();
    const script = `
      import { fork } from "node:child_process";
      const child = fork(process.argv[1], process.argv.slice(2), { execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
      child.once("message", () => console.log(child.pid));`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script, fileURLToPath(agentMain), ...args]);
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [text] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(text.toString("utf8"));
    await plane.until(() => plane.sessionCount === 1, "a session");
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe("what keeps an agent from starting is said in one sentence, with exit code 2", () => {
  async function expectRefusal(args: readonly string[], words: string) {
    const agent = spawnAgent(args);
    expect(await agent.ended).toEqual([2, null]);
    const lines = agent.stderr().trimEnd().split("\n");
    expect(lines.at(-1)).toMatch(/^tcm: /);
    expect(lines.at(-1)).toContain(words);
    expect(lines.filter((line) => line.includes("    at "))).toEqual([]);
  }

  test("a missing flag", () => expectRefusal([], "--identity FILE is missing. See --help."));

  test("an identity that others can read", async () => {
    const { identity, args } = await surroundings();
    chmodSync(identity, 0o644);
    await expectRefusal(args, "can be read by others");
  });

  test("a port in use", async () => {
    const { args } = await surroundings();
    const holder = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void holder.close());
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    await expectRefusal([...args, "--port", String(port)], `Port ${port} on 127.0.0.1 is in use by another process.`);
  });

  test("a data directory in use", async () => {
    const { args } = await surroundings();
    const first = spawnAgent(args);
    await first.ready;
    await expectRefusal(args, "is in use by another agent");
  });

  test("a file in the place of the data directory", async () => {
    const { identity, args } = await surroundings();
    await expectRefusal([...args, "--data", identity], "cannot be used");
  });

  test("a server certificate that is not there", async () => {
    const { directory, args } = await surroundings();
    const files = ["--server-certificate", join(directory, "none.pem"), "--server-key", join(directory, "none.key")];
    await expectRefusal([...args, ...files], "The edge cannot be opened");
  });

  test("a key of a server certificate that others can read", async () => {
    const { directory, args } = await surroundings();
    const [certificate, key] = [join(directory, "server.pem"), join(directory, "server.key")];
    const server = pki.root("Server Root").server("shop.example");
    writeFileSync(certificate, server.pem);
    writeFileSync(key, server.privateKeyPem);
    chmodSync(key, 0o644);
    const files = ["--server-certificate", certificate, "--server-key", key];
    await expectRefusal([...args, ...files], `${key} can be read or changed by others.`);
  });

  test("a HAProxy that does not run; its trust files are there by then, for whatever user it will run as", async () => {
    const { directory, identity } = await surroundings();
    const config = join(directory, "agent.json");
    const configuration = {
      engine: "haproxy",
      trustDirectory: join(directory, "trust"),
      runtimeSocket: join(directory, "run.sock"),
      listeners: [{ entry: "ca-set/1", host: "127.0.0.1", port: 8443, serverName: "ca-set-1.tcm.internal" }],
    };
    writeFileSync(config, JSON.stringify(configuration));
    const args = ["--config", config, "--identity", identity, "--data", join(directory, "data")];
    await expectRefusal(args, "The trust files are there: start HAProxy");
    const modeOf = (path: string) => statSync(join(directory, path)).mode & 0o777;
    expect([modeOf("trust"), modeOf("trust/ca-set-1.pem"), modeOf("data")]).toEqual([0o755, 0o644, 0o700]);
  });

  test("an upstream that is no origin", async () => {
    const { args } = await surroundings();
    await expectRefusal([...args, "--upstream", "shop.example=ftp://127.0.0.1"], "the upstream of shop.example");
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
