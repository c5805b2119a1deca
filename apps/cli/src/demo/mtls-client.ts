import { Agent, request, type RequestOptions } from "node:https";
import type { TLSSocket } from "node:tls";

/** A client certificate with what it sends beside it, and its key; both PEM, both only in memory. */
export type ClientIdentity = { readonly name: string; readonly chainPem: string; readonly privateKeyPem: string };

export type EdgeAddress = { readonly host: string; readonly port: number; readonly serverCaPem: string };

export type ClientAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly body: unknown; readonly resumed: boolean }
  | { readonly kind: "disconnected"; readonly code: string };

/** One client on one kept-alive TLS connection: the way real clients hold on to an edge. */
export type ClientConnection = {
  get(path: string): Promise<ClientAnswer>;
  /** Resolves once the peer has closed the connection; at once when it already has. */
  readonly closed: Promise<void>;
  /** The latest session that the edge handed out, to try a resumption with; undefined when there is none. */
  session(): Buffer | undefined;
  close(): void;
};

export type ConnectOptions = {
  readonly tlsVersion?: "TLSv1.2" | "TLSv1.3";
  readonly session?: Buffer | undefined;
  readonly timeoutMs?: number;
};

/** Connects lazily, on the first `get`. `identity` undefined: a client without a certificate. */
export function connectClient(
  edge: EdgeAddress,
  hostname: string,
  identity: ClientIdentity | undefined,
  { tlsVersion, session, timeoutMs = 10_000 }: ConnectOptions = {},
): ClientConnection {
  let latest: Buffer | undefined;
  let socket: TLSSocket | undefined;
  const closed = Promise.withResolvers<void>();
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
  const adopt = (opened: TLSSocket): void => {
    if (socket === opened) return;
    socket = opened;
    opened.on("session", (issued: Buffer) => (latest = issued));
    opened.once("close", () => closed.resolve());
  };
  const options = {
    agent,
    host: edge.host,
    port: edge.port,
    servername: hostname,
    headers: { host: hostname },
    ca: edge.serverCaPem,
    timeout: timeoutMs,
    ...(identity && { cert: identity.chainPem, key: identity.privateKeyPem }),
    ...(tlsVersion && { minVersion: tlsVersion, maxVersion: tlsVersion }),
    ...(session && { session }),
  };
  return {
    get: (path) => send({ ...options, path }, adopt),
    closed: closed.promise,
    session: () => latest ?? socket?.getSession(),
    close: () => agent.destroy(),
  };
}

/** One request on a connection of its own. */
export async function askOnce(
  edge: EdgeAddress,
  hostname: string,
  identity: ClientIdentity | undefined,
  options: ConnectOptions = {},
): Promise<ClientAnswer> {
  const connection = connectClient(edge, hostname, identity, options);
  const answer = await connection.get("/");
  connection.close();
  return answer;
}

function send(options: RequestOptions, adopt: (socket: TLSSocket) => void): Promise<ClientAnswer> {
  return new Promise((resolve) => {
    const disconnected = (code: string): void => resolve({ kind: "disconnected", code });
    const sent = request(options);
    sent.once("socket", (socket) => adopt(socket as TLSSocket));
    sent.once("timeout", () => sent.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })));
    sent.once("error", (error: NodeJS.ErrnoException) => disconnected(error.code ?? error.message));
    sent.once("response", (response) => {
      const chunks: Buffer[] = [];
      const resumed = (response.socket as TLSSocket).isSessionReused();
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", (error: NodeJS.ErrnoException) => disconnected(error.code ?? error.message));
      response.once("end", () =>
        resolve({ kind: "answered", status: response.statusCode ?? 0, body: parseBody(chunks), resumed }),
      );
    });
    sent.end();
  });
}

function parseBody(chunks: readonly Buffer[]): unknown {
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
