import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { activationNodes, edgeNode } from "@tcm/api-contract";
import { createTemporaryDirectory, freePorts, removeDirectory, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleAgent } from "../../tools/package/bundle-agent.ts";
import { Instance, poll } from "./instance.ts";
import { Program } from "./proxies/child-process.ts";
import { ask } from "./proxies/steady-clients.ts";
import { mustRun, runCommand } from "./run-command.ts";

const repository = resolve(import.meta.dirname, "../..");
const pki = testPki({ now: new Date() });
const root = pki.root("Partner Root");

describe("the package of the agent", () => {
  const directory = createTemporaryDirectory();
  const built = join(directory, "tcm-agent");
  const program = join(built, "bin/tcm-agent.mjs");

  beforeAll(async () => {
    await mustRun(process.execPath, [join(repository, "tools/package/build-agent.ts"), built]);
  });
  afterAll(() => removeDirectory(directory));

  test("is one program without dependencies, and nothing of the server, the console or the tests is in it", async () => {
    expect(readdirSync(built).toSorted()).toEqual([
      "LICENSE",
      "README.md",
      "THIRD-PARTY.txt",
      "bin",
      "package.json",
      "tcm-agent-nginx.conf",
      "tcm-agent-port.conf",
      "tcm-agent.service",
    ]);
    const about = JSON.parse(readFileSync(join(built, "package.json"), "utf8")) as Record<string, unknown>;
    expect(Object.keys(about).filter((key) => /dependencies/i.test(key))).toEqual([]);
    const { packages, imports } = await bundleAgent(repository);
    const own = packages.filter((name) => !name.startsWith("node_modules/"));
    expect(own).toEqual([
      "apps/agent",
      "packages/api-contract",
      "packages/core",
      "packages/edge",
      "packages/node-crypto",
    ]);
    expect(imports.filter((name) => !name.startsWith("node:"))).toEqual([]);
    const notices = readFileSync(join(built, "THIRD-PARTY.txt"), "utf8");
    for (const name of packages.filter((one) => one.startsWith("node_modules/"))) {
      expect(notices).toContain(`${name.slice("node_modules/".length)} `);
    }
  });

  test("has a unit that systemd understands and that leaves little open", async (context) => {
    const unit = join(built, "tcm-agent.service");
    const { code, stderr } = await runCommand("systemd-analyze", ["verify", unit]).catch(() => missing);
    if (code === undefined) return context.skip("systemd-analyze is not installed");
    expect(stderr).not.toContain("tcm-agent.service:");
    // In tenths: of 10 at most.
    await mustRun("systemd-analyze", ["security", "--offline=true", "--threshold=25", unit]);
  });

  test("says which Node it needs under an older one", async () => {
    const older = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })`;
    const preload = `data:text/javascript,${encodeURIComponent(older)}`;
    const { code, stderr } = await runCommand(process.execPath, ["--import", preload, program, "--help"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tcm-agent needs Node 26 or newer; this is v\S+\. Put a newer Node on the PATH\.\n$/);
  });

  test("joins with a token, serves as a built-in edge of its own, and proves what it serves", async () => {
    const instance = await Instance.start();
    const [port = 0] = await freePorts(1);
    const data = join(directory, "node");
    const [certificate, key] = [join(directory, "server.pem"), join(directory, "server.key")];
    const caSetId = await instance.createSet("partners", [root.pem]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    const server = pki.root("Edge Server Root").server(hostname);
    writeFileSync(certificate, server.pem);
    writeFileSync(key, server.privateKeyPem, { mode: 0o600 });
    const files = ["--certificate", certificate, "--key", key, "--data", data, "--output", directory];
    await instance.tcm("edge", "config", "--engine", "built-in", "--port", String(port), ...files);
    const wanted = ["--network", "staging", "--engine", "built-in", "--node", "far"];
    const token = await instance.tcm("edge", "token", ...wanted);
    const tokenFile = join(directory, "token");
    writeFileSync(tokenFile, token, { mode: 0o600 });
    const identity = join(directory, "identity.json");
    await mustRun(process.execPath, [program, "enrol", "--identity", identity, "--token-file", tokenFile]);
    const agentFile = join(directory, "agent.json");
    const agent = new Program(process.execPath, [program, "--config", agentFile, "--identity", identity]);
    agent.start();
    try {
      await poll(120_000, "the node", async () => {
        const { isConnected, engineVersion } = await instance.ask(edgeNode, 200, "GET", "/edge-nodes/far");
        return (isConnected && engineVersion !== "") || undefined;
      });
      const link = await instance.activate(caSetId, 1, "STAGING");
      expect(await instance.ended(link), agent.output).toMatchObject({ activationStatus: "COMPLETE" });
      const { nodes } = await instance.ask(activationNodes, 200, "GET", `${link}/nodes`);
      expect(nodes.find(({ nodeId }) => nodeId === "far")).toMatchObject({ state: "verified" });
      expect(await ask({ port, hostname }, root.leaf("client"))).toBe(200);
      expect(await ask({ port, hostname }, pki.root("Other").leaf("stranger"))).toBe(403);
    } catch (error) {
      throw new Error(agent.output, { cause: error });
    } finally {
      await agent.stop();
      await instance.remove();
    }
    expect(await agent.ended()).toBe(0);
  });
});

const missing = { code: undefined, stdout: "", stderr: "" };
