import type { AgentConfiguration } from "@tcm/api-contract";
import type { EntryId } from "@tcm/core";
import type { NginxListener } from "@tcm/edge";

export type EngineName = AgentConfiguration["engine"];

/** One listener: what it trusts, and the name that is asked for to prove it. */
export type Guarded = { readonly entryId: EntryId; readonly serverName: string };

export type NodeWish = {
  readonly engine: EngineName;
  readonly guarded: readonly Guarded[];
  readonly host: string;
  /** Of the first listener; each further one has the next. */
  readonly port: number;
  /** Server certificate with its key in the same file, as HAProxy takes it, or beside it. */
  readonly certificate: string;
  readonly key: string;
  readonly upstream: string | undefined;
  readonly sendsCaNames: boolean;
  readonly graceSeconds: number | undefined;
  /** Of the agent: what was last good, its identity and the trust files. */
  readonly data: string;
  /** Of a HAProxy that was started with `-W -S`. */
  readonly masterSocket: string | undefined;
  /** Who may use HAProxy's socket beside its owner. */
  readonly socketGroup: string | undefined;
  /** Where the proxy has its sockets or its process id. */
  readonly run: string;
  /** Where the proxy's configuration will stand. */
  readonly configuration: string | undefined;
};

export type NodeFiles = {
  /** For the proxy; the built-in edge is the agent itself. */
  readonly proxy: { readonly name: string; readonly text: string } | undefined;
  readonly agent: AgentConfiguration;
};

/** What a node of this kind is set up with, by the very functions that the engines are tested with. */
export async function renderNodeFiles(wish: NodeWish): Promise<NodeFiles> {
  const { engine, data } = wish;
  const node = { identity: `${data}/identity.json`, data };
  if (engine === "built-in") return { proxy: undefined, agent: { engine, ...node, ...builtIn(wish) } };
  return engine === "haproxy" ? haproxyFiles(wish, node) : nginxFiles(wish, node);
}

type Node = { readonly identity: string; readonly data: string };

async function haproxyFiles(wish: NodeWish, node: Node): Promise<NodeFiles> {
  // Read when it is needed: no other command has use for the engines.
  const { renderHaproxyConfig } = await import("@tcm/edge");
  const { data, run, socketGroup, masterSocket, graceSeconds } = wish;
  const runtimeSocket = `${run}/tcm.sock`;
  const handshakeSocket = `${data}/handshakes.sock`;
  const [directory, listeners] = [trustDirectory(wish), listenersOf(wish)];
  const reached = { runtimeSocket, socketGroup, handshakeSocket };
  const text = renderHaproxyConfig({ directory, listeners, graceSeconds, ...reached });
  const configuration = wish.configuration ?? "/etc/haproxy/haproxy.cfg";
  const sockets = { runtimeSocket, ...(masterSocket !== undefined && { masterSocket }), handshakeSocket };
  const agent = { engine: "haproxy", ...node, ...proxyOf(wish), ...sockets, configuration } as const;
  return { proxy: { name: "haproxy.cfg", text }, agent };
}

async function nginxFiles(wish: NodeWish, node: Node): Promise<NodeFiles> {
  const { renderNginxConfig } = await import("@tcm/edge");
  const { data, run, graceSeconds } = wish;
  const handshakeLog = `${data}/handshakes.log`;
  const listeners = listenersOf(wish);
  const text = renderNginxConfig({ directory: trustDirectory(wish), listeners, graceSeconds, handshakeLog });
  const files = { configuration: wish.configuration ?? "/etc/nginx/nginx.conf", pidFile: `${run}/nginx.pid` };
  const agent = { engine: "nginx", ...node, ...proxyOf(wish), ...files, handshakeLog } as const;
  return { proxy: { name: "nginx-tcm.conf", text }, agent };
}

/** What the agent of either proxy is told. */
function proxyOf(wish: NodeWish) {
  const { host, graceSeconds } = wish;
  return {
    trustDirectory: trustDirectory(wish),
    listeners: listenersOf(wish).map(({ entryId, serverName, port: own, sendsCaNames }) => {
      return { entry: entryId, host: reachable(host), port: own, serverName, ...(sendsCaNames && { sendsCaNames }) };
    }),
    ...(graceSeconds !== undefined && { graceSeconds }),
  };
}

function trustDirectory({ data }: NodeWish): string {
  return `${data}/trust`;
}

function listenersOf(wish: NodeWish): readonly NginxListener[] {
  return wish.guarded.map((guarded, position) => listenerOf(guarded, position, wish));
}

function listenerOf({ entryId, serverName }: Guarded, position: number, wish: NodeWish): NginxListener {
  const { host, port, certificate, key, upstream, sendsCaNames } = wish;
  const files = { certificatePath: certificate, certificateKeyPath: key };
  return { entryId, serverName, host, port: port + position, ...files, upstream, sendsCaNames };
}

/** The agent asks from the same machine. */
function reachable(host: string): string {
  return host === "0.0.0.0" || host === "*" ? "127.0.0.1" : host === "::" ? "::1" : host;
}

function builtIn({ host, port, certificate, key, upstream, guarded }: NodeWish) {
  const hostnames = upstream === undefined ? [] : guarded.map(({ serverName }) => serverName);
  return {
    host: host === "*" ? "0.0.0.0" : host,
    port,
    serverCertificates: [{ certificate, key }],
    upstreams: Object.fromEntries(hostnames.map((name) => [name, `http://${upstream}`])),
  };
}
