import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export type Burst = {
  readonly port: number;
  readonly serverName: string;
  readonly seconds: number;
  /** What each shall be answered. */
  readonly status: number;
  readonly clientFiles: readonly string[];
};

export type Handshakes = { readonly count: number; readonly cpuMs: number; readonly wallMs: number };

export type HandshakeClient = (burst: Burst) => Promise<Handshakes>;

const threads = 16;

/** Builds the client in C against the OpenSSL of this machine; it runs on `core` alone. */
export function buildHandshakeClient(
  directory: string,
  core: number,
): { readonly run: HandshakeClient } | { readonly missing: string } {
  const program = join(directory, "handshake-client");
  const source = new URL("./handshake-client.c", import.meta.url).pathname;
  const built = spawnSync("cc", ["-O2", source, "-o", program, "-lssl", "-lcrypto", "-lpthread"], { encoding: "utf8" });
  if (built.error !== undefined) return { missing: "no C compiler (cc)" };
  if (built.status !== 0) return { missing: `the client does not build: ${built.stderr.slice(0, 500)}` };
  return { run: (burst) => runClient(program, core, burst) };
}

/** Throws when a handshake or its request failed, or was answered otherwise: what is fast because it fails is not to be compared. */
async function runClient(program: string, core: number, burst: Burst): Promise<Handshakes> {
  const { port, serverName, seconds, status, clientFiles } = burst;
  const args = [port, serverName, seconds, threads, status].map(String);
  const pinned = ["-c", `${core}`, program, ...args, ...clientFiles];
  const { stdout } = await promisify(execFile)("taskset", pinned);
  const [count = 0, failed = 0, cpuMs = 0, wallMs = 1] = stdout.trim().split(" ").map(Number);
  if (failed > 0 || count === 0) throw new Error(`${serverName}: ${failed} of ${count + failed} handshakes failed`);
  return { count, cpuMs, wallMs };
}
