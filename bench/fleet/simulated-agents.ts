import { connect, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { once } from "node:events";
import { type ControlPlaneMessage, type EntryReport, type NodeMessage, nodeProtocolVersion } from "@tcm/api-contract";
import type { SignedManifestEntry } from "@tcm/core";

/** What the parent tells this process at its start. */
export type FleetOrder = {
  readonly nodeUrl: string;
  /** Certificate and key in PEM. */
  readonly nodes: readonly {
    readonly nodeId: string;
    readonly network: "STAGING" | "PRODUCTION";
    readonly certificate: string;
    readonly privateKey: string;
  }[];
};

/**
 * Many nodes in one process, each on a connection of its own: they speak the protocol and fetch what they lack, and serve
 * nothing. Signatures are not checked: a thousand real nodes would do that on a thousand machines.
 */
async function run({ nodeUrl, nodes }: FleetOrder): Promise<void> {
  const connections: Promise<void>[] = [];
  for (const node of nodes) {
    connections.push(openNode(nodeUrl, node));
    // A whole fleet that connects in one instant would measure the accept queue.
    if (connections.length % 50 === 0) await Promise.all(connections);
  }
  await Promise.all(connections);
  process.send?.({ type: "connected" });
}

async function openNode(
  nodeUrl: string,
  { nodeId, network, certificate, privateKey }: FleetOrder["nodes"][number],
): Promise<void> {
  const headers = { ":method": "POST" };
  // Whom it talks to is no question here; what the server's side of TLS costs is.
  const client = connect(nodeUrl, { cert: certificate, key: privateKey, rejectUnauthorized: false });
  const stream = client.request({ ...headers, ":path": "/node/v1/session" });
  const held = new Set<string>();
  const complete = Promise.withResolvers<void>();
  const say = (message: NodeMessage): void => void stream.write(`${JSON.stringify(message)}\n`);
  const work = async ({ entry }: SignedManifestEntry): Promise<void> => {
    const { entryId, generation, digest, content } = entry;
    const report = (state: EntryReport["state"]): void =>
      say({ type: "report", report: { entryId, generation, digest, state } });
    const wanted =
      content?.kind === "ca-set" ? content.fingerprints.filter((fingerprint) => !held.has(fingerprint)) : [];
    if (wanted.length > 0)
      for (const fingerprint of await fetchCertificates(client, headers, wanted)) held.add(fingerprint);
    report("delivered");
    report("applied");
    report("verified");
  };
  readMessages(stream, (message) => {
    if (message.type === "ping") say({ type: "pong" });
    if (message.type !== "announce") return;
    for (const signed of message.entries) void work(signed);
    if (message.complete) complete.resolve();
  });
  const about = {
    engine: "built-in",
    engineVersion: "bench",
    highestLevel: "verified",
    address: "127.0.0.1:1",
  } as const;
  say({ type: "hello", protocolVersion: nodeProtocolVersion, nodeId, network, ...about, entries: [] });
  await complete.promise;
}

function readMessages(stream: ClientHttp2Stream, onMessage: (message: ControlPlaneMessage) => void): void {
  let pending = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (pending + chunk).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) onMessage(JSON.parse(line) as ControlPlaneMessage);
  });
}

async function fetchCertificates(
  client: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  fingerprints: readonly string[],
): Promise<readonly string[]> {
  const stream = client.request({ ...headers, ":path": "/node/v1/certificates" });
  stream.setEncoding("utf8");
  stream.end(JSON.stringify({ fingerprints }));
  let body = "";
  stream.on("data", (chunk: string) => (body += chunk));
  await once(stream, "end");
  return Object.keys((JSON.parse(body) as { readonly certificates: Readonly<Record<string, string>> }).certificates);
}

process.on("message", (order: FleetOrder) => void run(order));
process.on("disconnect", () => process.exit(0));
