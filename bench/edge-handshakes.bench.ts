import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Benchmark, BenchmarkResult, BenchmarkRow } from "./benchmark.ts";
import { buildHandshakeClient, type HandshakeClient } from "./edge-handshakes/handshake-client.ts";
import { handshakePki, type TrustStore } from "./edge-handshakes/handshake-pki.ts";
import {
  type HandshakeServer,
  isInstalled,
  startBuiltIn,
  startHaproxy,
  startNginx,
} from "./edge-handshakes/servers.ts";
import { median } from "./measure.ts";
import { cpuMsOf, pin } from "./processes.ts";

const rounds = 7;
const seconds = 2;
const sizes = [1, 300];
const serverCore = 0;
const clientCore = 1;

export const edgeHandshakesBenchmark: Benchmark = {
  name: "edge-handshakes",
  about: "full mTLS handshakes with one GET each: the built-in edge against nginx and HAProxy, on one core",
  run: async () => {
    const directory = createTemporaryDirectory();
    const servers: HandshakeServer[] = [];
    try {
      const client = buildHandshakeClient(directory, clientCore);
      if ("missing" in client) return { rows: [], notes: [`not measured: ${client.missing}`] };
      const pki = handshakePki(directory, sizes);
      servers.push(await startBuiltIn(pki));
      if (isInstalled("nginx")) servers.push(await startNginx(directory, pki));
      if (isInstalled("haproxy")) servers.push(await startHaproxy(directory, pki));
      for (const { processId } of servers) pin(processId, serverCore);
      return await compare(servers, pki.stores, client.run);
    } finally {
      for (const server of servers) await server.stop();
      removeDirectory(directory);
    }
  },
};

type Sample = {
  readonly perSecond: number;
  readonly serverMs: number;
  readonly clientMs: number;
  readonly serverBusy: number;
  readonly clientBusy: number;
};

async function compare(
  servers: readonly HandshakeServer[],
  stores: readonly TrustStore[],
  client: HandshakeClient,
): Promise<BenchmarkResult> {
  const rows: BenchmarkRow[] = [];
  const notes = [
    `TLS 1.3, P-256, X25519, no resumption, names off; 200 client certificates in turn; server on core ${serverCore}, client on core ${clientCore}`,
    `medians of ${rounds} interleaved rounds of ${seconds} s; ratios of the same round; what "per CPU second" divides by is the server's own time`,
  ];
  for (const store of stores) {
    const samples = await sampleAll(servers, store, client);
    rows.push(...rowsOf(servers, store, samples));
    notes.push(...servers.map(({ name }, i) => busyNote(name, store, samples[i] ?? [])));
  }
  return { rows, notes };
}

/** By server, then by round; the first round warms up and is not kept. */
async function sampleAll(servers: readonly HandshakeServer[], store: TrustStore, client: HandshakeClient) {
  const samples: Sample[][] = servers.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, server] of servers.entries()) {
      const sample = await sampleOne(server, store, client);
      if (round > 0) samples[i]?.push(sample);
    }
  }
  return samples;
}

async function sampleOne(server: HandshakeServer, store: TrustStore, client: HandshakeClient): Promise<Sample> {
  const before = cpuMsOf(server.processId);
  const { clientFiles } = store;
  const { count, cpuMs, wallMs } = await client({ ...server.addressOf(store), seconds, clientFiles });
  const serverMs = cpuMsOf(server.processId) - before;
  return {
    perSecond: (count / wallMs) * 1_000,
    serverMs: serverMs / count,
    clientMs: cpuMs / count,
    serverBusy: serverMs / wallMs,
    clientBusy: cpuMs / wallMs,
  };
}

function rowsOf(
  servers: readonly HandshakeServer[],
  { size }: TrustStore,
  samples: readonly (readonly Sample[])[],
): readonly BenchmarkRow[] {
  const cas = size === 1 ? "1 CA" : `${size} CAs`;
  const own = samples[0] ?? [];
  const against = servers.slice(1).flatMap(({ name }, i): readonly BenchmarkRow[] => {
    const peer = samples[i + 1] ?? [];
    const ratio = (of: (own: Sample, peer: Sample) => number): number =>
      median(own.flatMap((sample, round) => (peer[round] === undefined ? [] : of(sample, peer[round]))));
    const target = name.startsWith("nginx") && { target: { relation: "at least", value: 0.95 } as const };
    return [
      {
        what: `${cas}, per second`,
        value: ratio((a, b) => a.perSecond / b.perSecond),
        unit: `x ${name}`,
        ...target,
      },
      {
        what: `${cas}, per CPU second of the server`,
        value: ratio((a, b) => b.serverMs / a.serverMs),
        unit: `x ${name}`,
        ...target,
      },
    ];
  });
  const absolute = servers.map(({ name }, i) => ({
    what: `${cas}, ${name}`,
    value: median((samples[i] ?? []).map(({ serverMs }) => serverMs)),
    unit: "ms of server CPU per handshake",
  }));
  return [...against, ...absolute];
}

function busyNote(name: string, { size }: TrustStore, samples: readonly Sample[]): string {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  const percent = (value: number): string => `${Math.round(value * 100)} %`;
  return `${size} CAs, ${name}: ${Math.round(of(({ perSecond }) => perSecond))}/s, server core ${percent(of(({ serverBusy }) => serverBusy))} busy with it, client core ${percent(of(({ clientBusy }) => clientBusy))}, client ${of(({ clientMs }) => clientMs).toFixed(2)} ms a handshake`;
}
