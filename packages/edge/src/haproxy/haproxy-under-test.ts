import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeCrypto } from "@tcm/node-crypto";
import { onTestFinished } from "vitest";
import { denyAllAuthority } from "../trust-files/deny-all.ts";
import {
  type EngineUnderTest,
  endProgram,
  engineProgram,
  portsLetGo,
  startProgram,
  testListeners,
  underTest,
} from "../trust-files/engines-under-test.ts";
import { prepareTrustFiles } from "../trust-files/prepare-trust-files.ts";
import { waitUntil } from "../trust-files/wait-until.ts";
import { openHaproxyEngine } from "./haproxy-engine.ts";
import type { HaproxyOptions } from "./haproxy-options.ts";
import { renderHaproxyConfig } from "./render.ts";
import { runtimeCommand } from "./runtime-socket.ts";

/** Debian 12's 2.6, and what tools/engines/install-engines.sh puts beside it: 3.0 of trixie, and 3.2 of forky. */
export const haproxy26 = engineProgram("haproxy 2.6", "haproxy", "/usr/sbin/haproxy");
export const haproxy3 = engineProgram(
  "haproxy 3.0 (tools/engines/install-engines.sh)",
  process.env["TCM_HAPROXY_3"],
  "/var/cache/tcm-engines/haproxy-3.0",
);
export const haproxy32 = engineProgram(
  "haproxy 3.2 (tools/engines/install-engines.sh)",
  process.env["TCM_HAPROXY_32"],
  "/var/cache/tcm-engines/haproxy-3.2",
);

export type HaproxyUnderTest = EngineUnderTest & {
  readonly configurationPath: string;
  /** One command to the runtime socket. */
  readonly ask: (command: string) => Promise<string>;
  /** Ends the program as a power cut would, and starts it again. */
  kill(): Promise<void>;
  /** To the process that was started: the master of workers, where there is one. */
  signal(name: NodeJS.Signals): void;
  start(): Promise<void>;
  /** Another engine on the same program and files, as after a restart of the agent. */
  reopen(): Promise<EngineUnderTest>;
};

export type HaproxyTestOptions = Partial<HaproxyOptions> & {
  readonly isMasterWorker?: boolean;
  /** The configuration before it is written. */
  readonly configure?: (configuration: string) => string;
  /** Of a second file that HAProxy reads, made from the first. */
  readonly second?: (configuration: string) => string;
  /** What each listener passes requests to. */
  readonly upstream?: string;
  /** Where lines of handshakes are listened for. */
  readonly handshakeSocket?: string;
};

/** A running HAProxy with the configuration that we print, and the engine that drives it. */
export async function openTestHaproxy(program: string, options: HaproxyTestOptions = {}): Promise<HaproxyUnderTest> {
  const {
    isMasterWorker = false,
    configure = (text: string) => text,
    second,
    upstream,
    handshakeSocket,
    ...overrides
  } = options;
  const { directory, listeners, portOf } = await testListeners();
  const configurationPath = join(directory, "haproxy.cfg");
  const runtimeSocket = join(directory, "run.sock");
  const masterSocket = isMasterWorker ? join(directory, "master.sock") : undefined;
  const trustFiles = join(directory, "trust");
  const serving = listeners.map((listener) => ({ ...listener, upstream }));
  const printed = renderHaproxyConfig({ directory: trustFiles, runtimeSocket, listeners: serving, handshakeSocket });
  // Idle connections end before the grace, as in the configuration we print, and before the test is bored.
  writeFileSync(configurationPath, configure(printed.replace("http-keep-alive 5s", "http-keep-alive 700ms")));
  await prepareTrustFiles(trustFiles, listeners, denyAllAuthority(nodeCrypto));
  const secondPath = join(directory, "second.cfg");
  if (second !== undefined) writeFileSync(secondPath, second(printed));
  const files = ["-f", configurationPath, ...(second === undefined ? [] : ["-f", secondPath])];
  const args = [...files, ...(masterSocket === undefined ? [] : ["-W", "-S", masterSocket])];
  const ask = (command: string) => runtimeCommand(runtimeSocket, command);
  let child = startProgram(program, args);
  const start = async () => {
    child = child.exitCode === null && child.signalCode === null ? child : startProgram(program, args);
    const isUp = () => ask("show info").then(Boolean, () => undefined);
    if (!(await waitUntil(isUp, 60_000))) throw new Error("HAProxy did not come up");
  };
  await start();
  const open = async () => {
    const engine = await openHaproxyEngine({
      network: "STAGING",
      crypto: nodeCrypto,
      clock: Date.now,
      directory: trustFiles,
      runtimeSocket,
      masterSocket,
      configurationPath,
      listeners,
      timing: { graceMs: 2_000, closeMs: 60_000 },
      ...overrides,
    });
    onTestFinished(() => engine.close());
    return underTest(engine, { directory: trustFiles, portOf });
  };
  return {
    ...(await open()),
    configurationPath,
    ask,
    start,
    kill: async () => {
      await endProgram(child, "SIGKILL");
      // A worker ends by itself when it has noticed the end of its master.
      await portsLetGo(listeners.map((listener) => listener.port));
    },
    signal: (name) => void child.kill(name),
    reopen: open,
  };
}
