import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { trialHostname } from "@tcm/core";
import {
  type EdgeEngine,
  edgeLimits,
  openBuiltInEdge,
  openHaproxyEngine,
  openLocalCa,
  openNginxEngine,
  renderHaproxyConfig,
  renderNginxConfig,
} from "@tcm/edge";
import { nodeCrypto } from "@tcm/node-crypto";
import { freePorts } from "@tcm/testkit";
import { denyAllAuthority } from "../../packages/edge/src/trust-files/deny-all.ts";
import { prepareTrustFiles } from "../../packages/edge/src/trust-files/prepare-trust-files.ts";
import { isInstalled } from "../edge-handshakes/servers.ts";
import { poll } from "../../tests/e2e/instance.ts";

/** A proxy that runs with the configuration that we print, driven as the agent drives it. */
export type RunningEngine = { readonly engine: EdgeEngine; readonly port: number; stop(): Promise<void> };

export type EngineChoice = {
  readonly name: string;
  /** Why it cannot be measured here. */
  readonly missing: string | undefined;
  readonly open: (directory: string, serverFile: string) => Promise<RunningEngine>;
};

export const entryId = "ca-set/1";
export const serverName = trialHostname("1");
const grace = { graceMs: 2_000, closeMs: 10_000 };
const haproxy3 = process.env["TCM_HAPROXY_3"] ?? "/var/cache/tcm-engines/haproxy-3.0";

export const engineChoices: readonly EngineChoice[] = [
  { name: "built-in", missing: undefined, open: openBuiltIn },
  {
    name: "haproxy 3, runtime",
    missing: existsSync(haproxy3) ? undefined : "run tools/engines/install-engines.sh",
    open: (directory, serverFile) => openHaproxy(haproxy3, directory, serverFile, false),
  },
  {
    name: "haproxy 2.6, reload",
    missing: isInstalled("haproxy") ? undefined : "haproxy is not installed",
    open: (directory, serverFile) => openHaproxy("haproxy", directory, serverFile, true),
  },
  { name: "nginx, reload", missing: isInstalled("nginx") ? undefined : "nginx is not installed", open: openNginx },
];

const common = { network: "STAGING", crypto: nodeCrypto, clock: Date.now } as const;

async function openBuiltIn(directory: string): Promise<RunningEngine> {
  const edge = await openBuiltInEdge({
    ...common,
    host: "127.0.0.1",
    port: 0,
    version: "bench",
    log: () => undefined,
    limits: edgeLimits,
    serverCertificates: await openLocalCa(join(directory, "local-ca"), common),
    upstreams: new Map(),
  });
  return { engine: edge, port: edge.address.port, stop: () => edge.close() };
}

async function listenerOf(directory: string, serverFile: string) {
  const [port = 0] = await freePorts(1);
  const listener = { entryId, host: "127.0.0.1", port, serverName } as const;
  const trust = join(directory, "trust");
  await prepareTrustFiles(trust, [listener], denyAllAuthority(nodeCrypto));
  return { port, trust, listeners: [{ ...listener, certificatePath: serverFile, certificateKeyPath: serverFile }] };
}

async function openHaproxy(
  program: string,
  directory: string,
  serverFile: string,
  reloads: boolean,
): Promise<RunningEngine> {
  const { port, trust, listeners } = await listenerOf(directory, serverFile);
  const runtimeSocket = join(directory, "run.sock");
  const masterSocket = reloads ? join(directory, "master.sock") : undefined;
  const configurationPath = join(directory, "haproxy.cfg");
  writeFileSync(
    configurationPath,
    renderHaproxyConfig({ directory: trust, runtimeSocket, listeners, graceSeconds: 2 }),
  );
  const args = ["-f", configurationPath, ...(masterSocket === undefined ? [] : ["-W", "-S", masterSocket])];
  const child = spawn(program, args, { stdio: "ignore" });
  const sockets = { runtimeSocket, masterSocket, configurationPath };
  const engine = await poll(10_000, program, () =>
    openHaproxyEngine({ ...common, ...sockets, directory: trust, listeners, timing: grace }),
  );
  return { engine, port, stop: () => stop(engine, child) };
}

async function openNginx(directory: string, serverFile: string): Promise<RunningEngine> {
  const { port, trust, listeners } = await listenerOf(directory, serverFile);
  const configurationPath = join(directory, "nginx.conf");
  const pidPath = join(directory, "nginx.pid");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => {
    mkdirSync(join(directory, kind));
    return `${kind}_temp_path ${join(directory, kind)};`;
  });
  const servers = renderNginxConfig({ directory: trust, listeners });
  writeFileSync(
    configurationPath,
    `worker_processes 2; worker_shutdown_timeout 2s; pid ${pidPath}; error_log ${join(directory, "error.log")};
events {}
http { access_log off; ${temporary.join(" ")}
${servers} }
`,
  );
  const timing = { graceMs: grace.graceMs };
  const options = { ...common, directory: trust, binary: "nginx", configurationPath, pidPath, listeners, timing };
  const engine = await openNginxEngine(options);
  const child = spawn("nginx", ["-c", configurationPath, "-g", "daemon off;"], { stdio: "ignore" });
  await poll(10_000, "nginx", async () => existsSync(pidPath) || undefined);
  return { engine, port, stop: () => stop(engine, child) };
}

async function stop(engine: EdgeEngine, child: ChildProcess): Promise<void> {
  await engine.close();
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
