import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestCertificate } from "@tcm/testkit";
import { onTestFinished } from "vitest";
import { agentMain } from "../index.ts";
import type { FakeControlPlane } from "./fake-control-plane.ts";

/** A real agent process with the built-in edge. */
export type AgentProcess = {
  readonly child: ChildProcess;
  /** Resolves with the port the edge listens on; rejects when the process ends before. */
  readonly ready: Promise<number>;
  /** Exit code and signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  readonly stderr: () => string;
};

export function writeIdentity(plane: FakeControlPlane, directory: string): string {
  const file = join(directory, "identity.json");
  writeFileSync(file, JSON.stringify(plane.identity), { mode: 0o600 });
  return file;
}

/** `log`: an open file instead of what `stderr` answers. */
export function spawnAgent(args: readonly string[], log: "pipe" | number = "pipe"): AgentProcess {
  const child = fork(fileURLToPath(agentMain), args, { stdio: ["ignore", "ignore", log, "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // Not `close`, which never comes for a child whose IPC channel the parent has closed.
  const ended = Promise.all([once(child, "exit"), child.stderr && once(child.stderr, "end")]).then(
    ([[code, signal]]) => [code as number | null, signal as NodeJS.Signals | null] as const,
  );
  const isReady = once(child, "message").then(([message]) => portOf(message));
  const ready = Promise.race([
    isReady,
    ended.then(([code]) => Promise.reject(new Error(`ended with ${code}: ${stderr}`))),
  ]);
  ready.catch(() => undefined);
  return { child, ready, ended, stderr: () => stderr };
}

function portOf(message: unknown): number {
  const { type, address } = message as { readonly type: string; readonly address: string };
  if (type !== "ready") throw new Error(`unexpected message ${type}`);
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** The status that a client gets on a set's trial hostname; undefined when the handshake fails. */
export function tryClient(port: number, caSetId: string, client: TestCertificate): Promise<number | undefined> {
  const hostname = `ca-set-${caSetId}.tcm.internal`;
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const options = {
    host: "127.0.0.1",
    port,
    servername: hostname,
    headers: { host: hostname },
    cert: client.chainPem,
    key: client.privateKeyPem,
    rejectUnauthorized: false,
    agent: false,
  } as const;
  const sent = request(options, (response) => {
    response.resume();
    response.on("end", () => resolve(response.statusCode));
    response.on("error", () => resolve(undefined));
  });
  sent.on("error", () => resolve(undefined));
  sent.end();
  return promise;
}
