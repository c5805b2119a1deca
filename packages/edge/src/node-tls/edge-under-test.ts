import { once } from "node:events";
import { Agent, type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { nodeCrypto } from "@tcm/node-crypto";
import { type TestCertificate, testPki } from "@tcm/testkit";
import { onTestFinished } from "vitest";
import type { EngineContent, EngineOutcome, EntryChange } from "../edge-engine.ts";
import { openBuiltInEdge } from "./built-in-edge.ts";
import type { BuiltInEdge, BuiltInEdgeOptions } from "./built-in-edge-options.ts";
import { type EdgeLimits, edgeLimits } from "./edge-limits.ts";
import type { LogFields } from "./edge-log.ts";
import type { ServerCertificate } from "./server-certificate.ts";

/** A PKI that real TLS clients accept, valid now. */
export const pki = testPki({ now: new Date() });

export const serverRoot = pki.root("Edge Server Root");

const issued = new Map<string, ServerCertificate>();

function serverCertificateFor(hostname: string): ServerCertificate {
  const known = issued.get(hostname);
  if (known !== undefined) return known;
  const { pem, privateKeyPem } = serverRoot.server(hostname);
  const made = { certificatePem: pem, privateKeyPem };
  issued.set(hostname, made);
  return made;
}

/** No client is slow here, however slow the machine: tests of a limit set it. */
export const patientLimits: EdgeLimits = {
  ...edgeLimits,
  handshakeTimeoutMs: 120_000,
  headersTimeoutMs: 120_000,
  requestIdleTimeoutMs: 120_000,
  keepAliveTimeoutMs: 120_000,
  upstreamTimeoutMs: 120_000,
};

export type LogLine = { readonly level: string; readonly message: string; readonly fields: LogFields };

export type EdgeUnderTest = {
  readonly edge: BuiltInEdge;
  readonly port: number;
  readonly logged: readonly LogLine[];
  /** Applies and, when that went well, verifies. `null` withdraws. */
  deploy(content: EngineContent): Promise<EngineOutcome>;
  withdraw(content: EngineContent): Promise<EngineOutcome>;
};

/** An edge on a port of its own, closed when the running test ends. */
export async function openTestEdge(overrides: Partial<BuiltInEdgeOptions> = {}): Promise<EdgeUnderTest> {
  const logged: LogLine[] = [];
  const edge = await openBuiltInEdge({
    network: "STAGING",
    host: "127.0.0.1",
    port: 0,
    version: "0.0.0",
    crypto: nodeCrypto,
    clock: Date.now,
    log: (level, message, fields) => logged.push({ level, message, fields }),
    limits: patientLimits,
    serverCertificates: { certificateFor: serverCertificateFor },
    upstreams: new Map(),
    ...overrides,
  });
  onTestFinished(() => edge.close());
  const changes = changeSequence();
  const run = async (change: EntryChange) => {
    const applied = await edge.apply(change);
    return applied.ok ? edge.verify(change) : applied;
  };
  return {
    edge,
    port: edge.address.port,
    logged,
    deploy: (content) => run(changes.to(content)),
    withdraw: (content) => run(changes.away(content)),
  };
}

/** Changes as an agent would make them: rising generations, and what was there before. */
export function changeSequence() {
  const before = new Map<string, EngineContent>();
  let number = 0;
  const change = (content: EngineContent, next: EngineContent | null): EntryChange => {
    const entryId = entryIdOfContent(content);
    const previous = before.get(entryId) ?? null;
    if (next === null) before.delete(entryId);
    else before.set(entryId, next);
    return { entryId, generation: { epoch: 1, number: ++number }, previous, next };
  };
  return {
    to: (content: EngineContent) => change(content, content),
    away: (content: EngineContent) => change(content, null),
  };
}

function entryIdOfContent(content: EngineContent): string {
  return content.kind === "ca-set"
    ? `ca-set/${content.caSet.caSetId}`
    : `edge-certificate/${content.edgeCertificate.edgeCertificateId}`;
}

export function caSet(anchors: readonly TestCertificate[], version = 1, caSetId = "1"): EngineContent {
  const fingerprints = anchors.map(({ fingerprint }) => fingerprint).toSorted();
  return {
    kind: "ca-set",
    caSet: { kind: "ca-set", caSetId, caSetName: `partners-${caSetId}`, version, fingerprints },
    anchors: anchors.map(({ certificate }) => certificate),
  };
}

type Binding = { readonly mode?: "deny" | "observe"; readonly sendCaListToClient?: boolean; readonly id?: number };

export function binding(
  hostnames: readonly string[],
  { mode = "deny", sendCaListToClient = false, id = 1 }: Binding = {},
) {
  const edgeCertificate = {
    kind: "edge-certificate",
    edgeCertificateId: id,
    hostnames,
    caSetId: "1",
    mode,
    sendCaListToClient,
  } as const;
  return { kind: "edge-certificate", edgeCertificate } as const satisfies EngineContent;
}

export type Client = Pick<TestCertificate, "chainPem" | "privateKeyPem"> | undefined;

/** How a TLS client with this certificate, or with none, reaches the edge as `hostname`. */
export function dial({ port }: Pick<EdgeUnderTest, "port">, hostname: string, client: Client): ConnectionOptions {
  const identity = client && { cert: client.chainPem, key: client.privateKeyPem };
  return { host: "127.0.0.1", port, servername: hostname, ca: serverRoot.pem, ...identity };
}

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** undefined where the body is none. */
  readonly json: unknown;
};

export type Sent = RequestOptions & { readonly client?: Client; readonly hostname?: string; readonly content?: string };

/** One request, on a connection of its own unless an agent is given. */
export async function send(to: Pick<EdgeUnderTest, "port">, sent: Sent = {}): Promise<Answer> {
  const { client, hostname = "shop.example", content, ...options } = sent;
  const outgoing = request({
    ...dial(to, hostname, client),
    agent: false,
    ...options,
    headers: { Host: hostname, ...(options.headers as Record<string, string>) },
  });
  outgoing.end(content);
  const [incoming] = await once(outgoing, "response");
  const body = await text(incoming);
  const isJson = /json/.test(incoming.headers["content-type"] ?? "");
  return {
    status: incoming.statusCode,
    headers: incoming.headers,
    body,
    json: isJson ? (JSON.parse(body) as unknown) : undefined,
  };
}

/** Keeps one connection, so that a second request shows whether it lived. */
export function keepAliveAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

export async function openConnection(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect(options);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "secureConnect");
  return socket;
}

/** The code with which a handshake, or the first read after it, failed. */
export async function failureOf(options: ConnectionOptions): Promise<string> {
  const socket = connect(options);
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  socket.on("end", () => resolve("ended"));
  socket.on("secureConnect", () => resolve("connected"));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
