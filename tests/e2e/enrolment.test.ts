import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { edgeNodeList } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance, poll } from "./instance.ts";
import { Program } from "./proxies/child-process.ts";
import { runCommand } from "./run-command.ts";

const agentMain = resolve(import.meta.dirname, "../../apps/agent/src/main.ts");

describe("a machine becomes a node with one token, and is shut out with one command", () => {
  const directory = createTemporaryDirectory();
  const [tokenFile, identity] = [join(directory, "token"), join(directory, "identity.json")];
  const data = ["--data", join(directory, "data")];
  const agent = new Program(process.execPath, [agentMain, "--identity", identity, ...data, "--port", "0"]);
  let instance: Instance;

  beforeAll(async () => {
    instance = await Instance.start();
  });
  afterAll(async () => {
    await agent.stop();
    await instance.remove();
    removeDirectory(directory);
  });

  const enrol = (file: string, ...more: readonly string[]) =>
    runCommand(process.execPath, [agentMain, "enrol", "--identity", file, "--token-file", tokenFile, ...more]);
  const node = async () => {
    const { edgeNodes } = await instance.ask(edgeNodeList, 200, "GET", "/edge-nodes");
    return edgeNodes.find(({ nodeId }) => nodeId === "edge-1");
  };

  test("it joins, connects, and serves its network", async () => {
    const args = ["--network", "production", "--engine", "built-in", "--node", "edge-1"];
    writeFileSync(tokenFile, await instance.tcm("edge", "token", ...args), { mode: 0o600 });
    expect(await enrol(identity)).toMatchObject({ code: 0, stderr: "" });
    agent.start();
    await poll(120_000, "the node's connection", async () => ((await node())?.isConnected ? true : undefined));
    expect(await node()).toMatchObject({ network: "PRODUCTION", isDrifted: false, isCertificateExpired: false });
    expect(await instance.tcm("nodes")).toMatch(/edge-1 +production +built-in .*as expected/);
  });

  test("the same token makes no second one, and an identity is not overwritten", async () => {
    expect(await enrol(join(directory, "second.json"))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("(join-token-refused)"),
    });
    expect((await enrol(identity)).stderr).toContain("--replace");
  });

  test("removed, it is gone at once, and its agent says what would take it back", async () => {
    expect(await instance.tcm("nodes", "remove", "edge-1", "--yes")).toContain("edge-1 is removed");
    expect(await node()).toBeUndefined();
    await poll(120_000, "the refusal", async () => (agent.output.includes("node-unknown") ? true : undefined));
    expect(agent.output).toContain("tcm edge token");
    expect(agent.isRunning).toBe(true);
  });
});
