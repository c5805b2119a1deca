import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { agentMain } from "@tcm/agent";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";

export type AgentProcess = {
  /** The address for nodes of the control plane that it is connected to. */
  connectedTo(): string;
  /** When it is connected to another, on the clock of `performance.now()`. */
  nextConnection(): Promise<number>;
  stop(): Promise<void>;
};

/** A real agent with the built-in edge that knows several control planes. Resolves when it is connected. */
export async function startAgent(identityFile: string, nodeUrls: readonly string[]): Promise<AgentProcess> {
  const directory = createTemporaryDirectory();
  const identity = join(directory, "identity.json");
  const known = JSON.parse(readFileSync(identityFile, "utf8")) as object;
  const list = { controlPlaneUrl: nodeUrls[0], controlPlaneUrls: nodeUrls.slice(1) };
  writeFileSync(identity, JSON.stringify({ ...known, ...list }), { mode: 0o600 });
  const args = ["--identity", identity, "--data", join(directory, "data"), "--port", "0"];
  const child = fork(fileURLToPath(agentMain), args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let current = "";
  let waiting = Promise.withResolvers<number>();
  if (child.stderr === null) throw new Error("the agent has no log");
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (!line.includes("connected to the control plane")) return;
    current = (JSON.parse(line) as { readonly controlPlaneUrl: string }).controlPlaneUrl;
    waiting.resolve(performance.now());
  });
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the agent ended with ${String(code)}`)));
  await Promise.race([waiting.promise, ended]);
  ended.catch(() => undefined);
  return {
    connectedTo: () => current,
    nextConnection: () => {
      waiting = Promise.withResolvers<number>();
      return waiting.promise;
    },
    stop: async () => {
      const stopped = once(child, "exit");
      child.kill("SIGTERM");
      await stopped;
      removeDirectory(directory);
    },
  };
}
