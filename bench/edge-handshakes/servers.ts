import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePorts } from "@tcm/testkit";
import { Instance, poll } from "../../tests/e2e/instance.ts";
import { type handshakePki, serverName, type TrustStore } from "./handshake-pki.ts";

/** One server with a listener or a hostname for each trust store. */
export type HandshakeServer = {
  readonly name: string;
  readonly processId: number;
  /** The status with which a client of none of the CAs is turned away; undefined: by an alert, and not by HTTP. */
  readonly refusesWith: number | undefined;
  readonly addressOf: (store: TrustStore) => { readonly port: number; readonly serverName: string };
  stop(): Promise<void>;
};

type Pki = ReturnType<typeof handshakePki>;

/** The product as it is started, its staging edge with one active set a store. */
export async function startBuiltIn({ stores }: Pki): Promise<HandshakeServer> {
  const instance = await Instance.start();
  const names = new Map<TrustStore, string>();
  for (const [position, store] of stores.entries()) {
    const caSetId = await instance.createSet(`bench-${position}`, store.pems);
    await instance.deploy(caSetId, 1, ["STAGING"]);
    names.set(store, `ca-set-${caSetId}.tcm.internal`);
  }
  return {
    name: "built-in",
    processId: instance.processIds().staging,
    refusesWith: 403,
    addressOf: (store) => ({ port: instance.ports.staging, serverName: names.get(store) ?? "" }),
    stop: () => instance.remove(),
  };
}

/** One process without a master, one worker: as plain as it gets. CA names off needs a file of one name before 1.27.2. */
export async function startNginx(
  directory: string,
  { stores, serverFile, noNamesFile }: Pki,
): Promise<HandshakeServer> {
  const ports = await freePorts(stores.length);
  const servers = stores.map(
    ({ file }, i) => `server {
    listen 127.0.0.1:${ports[i]} ssl;
    server_name ${serverName};
    ssl_certificate ${serverFile}; ssl_certificate_key ${serverFile};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_client_certificate ${noNamesFile}; ssl_trusted_certificate ${file}; ssl_verify_client on;
    ssl_session_cache off; ssl_session_tickets off;
    location / { default_type text/plain; return 200 "$ssl_client_s_dn\\n"; }
  }`,
  );
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${directory}/${kind};`,
  );
  const file = join(directory, "nginx.conf");
  writeFileSync(
    file,
    `master_process off; daemon off; pid ${directory}/nginx.pid; error_log ${directory}/error.log;
events { worker_connections 1024; }
http { access_log off; ${temporary.join(" ")} ${servers.join("\n")} }`,
  );
  return { ...(await startServer("nginx", ["-c", file], stores, ports)), refusesWith: 400 };
}

export async function startHaproxy(directory: string, { stores, serverFile }: Pki): Promise<HandshakeServer> {
  const ports = await freePorts(stores.length);
  const frontends = stores.map(
    ({ file }, i) => `frontend bench_${i}
  bind 127.0.0.1:${ports[i]} ssl crt ${serverFile} ca-file ${file} no-ca-names verify required
  http-request return status 200 content-type text/plain lf-string "%[ssl_c_s_dn]\\n"`,
  );
  const file = join(directory, "haproxy.cfg");
  writeFileSync(
    file,
    `global
  nbthread 1
  tune.ssl.cachesize 0
  ssl-default-bind-options no-tls-tickets ssl-min-ver TLSv1.2
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
${frontends.join("\n")}
`,
  );
  return startServer("haproxy", ["-f", file], stores, ports);
}

export const bareNodeName = "bare node:https";

/** What the built-in edge is made of, and does its own on top of. It trusts nobody, so that all stores have one listener. */
export async function startBareNode({ stores, serverFile }: Pki): Promise<HandshakeServer> {
  const [port = 0] = await freePorts(1);
  const program = new URL("./bare-node.ts", import.meta.url).pathname;
  const everyStore = stores.map(() => port);
  const server = await startServer(process.execPath, [program, serverFile, `${port}`], stores, everyStore);
  return { ...server, name: bareNodeName };
}

async function startServer(
  program: string,
  args: readonly string[],
  stores: readonly TrustStore[],
  ports: readonly number[],
): Promise<HandshakeServer> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  await poll(10_000, program, () => canConnect(ports[0] ?? 0));
  return {
    name: `${program} ${versionOf(program)}`,
    processId: child.pid ?? 0,
    refusesWith: undefined,
    addressOf: (store) => ({ port: ports[stores.indexOf(store)] ?? 0, serverName }),
    stop: () => end(child),
  };
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, ["-v"]).error === undefined;
}

function versionOf(program: string): string {
  const { stdout, stderr } = spawnSync(program, ["-v"], { encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0] ?? "";
}

async function canConnect(port: number): Promise<true | undefined> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  return true;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
