import { mkdirSync, writeFileSync } from "node:fs";
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
import { openNginxEngine } from "./nginx-engine.ts";
import type { NginxOptions } from "./nginx-options.ts";
import { type NginxListener, renderNginxConfig } from "./render.ts";
import { masterPid, workersOf } from "./workers.ts";

export const nginxProgram = engineProgram("nginx", "nginx", "/usr/sbin/nginx");
/** What tools/engines/install-engines.sh takes from forky. */
export const nginx130 = engineProgram(
  "nginx 1.30 (tools/engines/install-engines.sh)",
  process.env["TCM_NGINX_130"],
  "/var/cache/tcm-engines/nginx-1.30",
);

export type NginxUnderTest = EngineUnderTest & {
  readonly configurationPath: string;
  readonly pidPath: string;
  /** Ends master and workers as a power cut would, and starts it again. */
  kill(): Promise<void>;
  start(): Promise<void>;
  reopen(): Promise<EngineUnderTest>;
};

export type NginxTestOptions = Partial<NginxOptions> & {
  /** The configuration before it is written. */
  readonly configure?: (configuration: string) => string;
  /** What each listener passes requests to. */
  readonly upstream?: string;
  /** Where lines of handshakes are written. */
  readonly handshakeLog?: string;
};

/** A running nginx with the configuration that we print, and the engine that drives it. */
export async function openTestNginx(program: string, options: NginxTestOptions = {}): Promise<NginxUnderTest> {
  const { configure = (text: string) => text, upstream, handshakeLog, ...overrides } = options;
  const { directory, listeners, portOf } = await testListeners();
  const configurationPath = join(directory, "nginx.conf");
  const pidPath = join(directory, "nginx.pid");
  const trustFiles = join(directory, "trust");
  const serving: readonly NginxListener[] = listeners.map((listener) => ({ ...listener, upstream }));
  const servers = renderNginxConfig({ directory: trustFiles, listeners: serving, handshakeLog });
  writeFileSync(configurationPath, configure(wholeConfiguration(directory, pidPath, servers)));
  await prepareTrustFiles(trustFiles, listeners, denyAllAuthority(nodeCrypto));
  const open = async () => {
    const engine = await openNginxEngine({
      network: "STAGING",
      crypto: nodeCrypto,
      clock: Date.now,
      directory: trustFiles,
      binary: program,
      configurationPath,
      pidPath,
      listeners,
      timing: { graceMs: 2_000, reloadMs: 60_000 },
      ...overrides,
    });
    onTestFinished(() => engine.close());
    return underTest(engine, { directory: trustFiles, portOf });
  };
  const opened = await open();
  const startChild = () => startProgram(program, ["-c", configurationPath, "-g", "daemon off;"]);
  let child = startChild();
  const start = async () => {
    if (child.exitCode !== null || child.signalCode !== null) child = startChild();
    const isUp = async () => {
      const master = await masterPid(pidPath);
      return master !== undefined && (await workersOf(master)).length > 0 ? true : undefined;
    };
    if (!(await waitUntil(isUp, 60_000))) throw new Error("nginx did not come up");
  };
  const kill = async () => {
    const workers = child.pid === undefined ? [] : await workersOf(child.pid);
    await endProgram(child, "SIGKILL");
    for (const { pid } of workers) process.kill(pid, "SIGKILL");
    await portsLetGo(listeners.map((listener) => listener.port));
  };
  await start();
  return { ...opened, configurationPath, pidPath, kill, start, reopen: open };
}

function wholeConfiguration(directory: string, pidPath: string, servers: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => {
    mkdirSync(join(directory, kind));
    return `  ${kind}_temp_path ${join(directory, kind)};\n`;
  });
  return `worker_processes 2;
worker_shutdown_timeout 10s;
pid ${pidPath};
error_log ${join(directory, "error.log")};
events {}
http {
  access_log off;
${temporary.join("")}${servers}
}
`;
}
