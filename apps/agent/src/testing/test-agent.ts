import { Writable } from "node:stream";
import type { NodeIdentity } from "@tcm/api-contract";
import type { CaSetContent, EdgeCertificateContent } from "@tcm/core";
import { type MemoryEngine, type MemoryEngineOptions, openMemoryEngine, type SeenHandshake } from "@tcm/edge";
import { nodeCrypto } from "@tcm/node-crypto";
import { type TestAuthority, temporaryDirectory } from "@tcm/testkit";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { type Agent, type AgentOptions, startAgent } from "../agent.ts";
import type { AgentTiming } from "../agent-timing.ts";
import { FakeControlPlane } from "./fake-control-plane.ts";

export type TestAgent = {
  readonly plane: FakeControlPlane;
  readonly directory: string;
  readonly engine: MemoryEngine;
  readonly agent: Agent;
  /** As the engine tells of one. */
  readonly handshake: (seen: SeenHandshake) => void;
  /** Messages logged so far. */
  readonly messages: () => readonly string[];
  readonly logText: () => string;
};

export type TestAgentOptions = {
  readonly plane?: FakeControlPlane;
  readonly directory?: string;
  /** Another than the one the control plane expects. */
  readonly identity?: NodeIdentity;
  readonly saveIdentity?: AgentOptions["saveIdentity"];
  readonly clock?: () => number;
  readonly answer?: MemoryEngineOptions["answer"];
  readonly timing?: Partial<AgentTiming>;
  readonly maxEntries?: number;
};

const quick: AgentTiming = {
  reconnect: { minMs: 5, maxMs: 50 },
  retry: { minMs: 5, maxMs: 50 },
  welcomeTimeoutMs: 60_000,
  fetchTimeoutMs: 60_000,
  contactIntervalMs: 0,
  handshakeLookMs: 5,
};

/** A control plane, stopped when the test ends. */
export async function testControlPlane(
  ...of: ConstructorParameters<typeof FakeControlPlane>
): Promise<FakeControlPlane> {
  const plane = await new FakeControlPlane(...of).start();
  onTestFinished(() => plane.stop());
  return plane;
}

/** An agent with the memory engine, connected to a control plane unless that is stopped; closed when the test ends. */
export async function startTestAgent(options: TestAgentOptions = {}): Promise<TestAgent> {
  const plane = options.plane ?? (await testControlPlane());
  const directory = options.directory ?? temporaryDirectory();
  const { answer } = options;
  const engine = openMemoryEngine({ network: plane.network, crypto: nodeCrypto, ...(answer && { answer }) });
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString("utf8"));
      done();
    },
  });
  let handshake: TestAgent["handshake"] = () => undefined;
  const agent = await startAgent({
    identity: options.identity ?? plane.identity,
    saveIdentity: options.saveIdentity ?? (async () => undefined),
    dataDirectory: directory,
    openEngine: async (onHandshake) => {
      handshake = onHandshake;
      return { engine, address: "127.0.0.1:7443" };
    },
    crypto: nodeCrypto,
    clock: options.clock ?? Date.now,
    random: Math.random,
    timing: { ...quick, ...options.timing },
    maxEntries: options.maxEntries ?? 2_000,
    log: pino(sink),
  });
  onTestFinished(() => agent.close());
  const messages = () => lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
  return { plane, directory, engine, agent, handshake, messages, logText: () => lines.join("") };
}

/** The content of a set, its certificates made available at the control plane. */
export function caSet(
  plane: FakeControlPlane,
  caSetId: string,
  anchors: readonly TestAuthority[],
  version = 1,
): CaSetContent {
  for (const { fingerprint, der } of anchors) plane.certificates.set(fingerprint, der);
  const fingerprints = anchors.map(({ fingerprint }) => fingerprint).sort();
  return { kind: "ca-set", caSetId, caSetName: `set-${caSetId}`, version, fingerprints };
}

export function edgeCertificate(
  edgeCertificateId: number,
  caSetId: string,
  hostnames: readonly string[],
): EdgeCertificateContent {
  return { kind: "edge-certificate", edgeCertificateId, hostnames, caSetId, mode: "deny", sendCaListToClient: false };
}
