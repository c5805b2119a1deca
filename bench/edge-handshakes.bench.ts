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
const secondsPerRound = 2;
const warmUpSeconds = 8;
/** The built-in edge remembers 1,024 clients. Those of the last store come in turn and are more: each is new to it. */
const orders = [
  { name: "1 CA", size: 1, clients: 200 },
  { name: "300 CAs", size: 300, clients: 200 },
  { name: "300 CAs, unknown clients", size: 300, clients: 1_100 },
];
/** Below, the rate is that of the client, or of what else the machine does, and no target is held to it. */
const saturated = 0.85;
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
      const pki = handshakePki(directory, orders);
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
    `TLS 1.3, P-256, X25519, no resumption, names off; 200 client certificates in turn, 1,100 where they are unknown; server on core ${serverCore}, client on core ${clientCore}`,
    `medians of ${rounds} interleaved rounds of ${secondsPerRound} s; ratios of the same round; what "per CPU second" divides by is the server's own time`,
  ];
  for (const store of stores) {
    const samples = await sampleAll(servers, store, client);
    rows.push(...rowsOf(servers, store, samples));
    notes.push(...servers.map(({ name }, i) => busyNote(name, store, samples[i] ?? [])));
  }
  return { rows, notes };
}

/** By server, then by round, after a warm-up. */
async function sampleAll(servers: readonly HandshakeServer[], store: TrustStore, client: HandshakeClient) {
  const samples: Sample[][] = servers.map(() => []);
  for (const server of servers) await sampleOne(server, store, client, warmUpSeconds);
  for (let round = 0; round < rounds; round++) {
    for (const [i, server] of servers.entries())
      samples[i]?.push(await sampleOne(server, store, client, secondsPerRound));
  }
  return samples;
}

async function sampleOne(
  server: HandshakeServer,
  store: TrustStore,
  client: HandshakeClient,
  seconds: number,
): Promise<Sample> {
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
  { name: cas }: TrustStore,
  samples: readonly (readonly Sample[])[],
): readonly BenchmarkRow[] {
  const own = samples[0] ?? [];
  const against = servers.slice(1).flatMap(({ name }, i): readonly BenchmarkRow[] => {
    const peer = samples[i + 1] ?? [];
    const ratio = (of: (own: Sample, peer: Sample) => number): number =>
      median(own.flatMap((sample, round) => (peer[round] === undefined ? [] : of(sample, peer[round]))));
    const target = name.startsWith("nginx") && { target: { relation: "at least", value: 0.95 } as const };
    const isServersRate = [own, peer].every((of) => median(of.map(({ serverBusy }) => serverBusy)) > saturated);
    return [
      {
        what: `${cas}, per second`,
        value: ratio((a, b) => a.perSecond / b.perSecond),
        unit: `x ${name}`,
        ...(isServersRate && target),
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

function busyNote(name: string, store: TrustStore, samples: readonly Sample[]): string {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  const percent = (value: number): string => `${Math.round(value * 100)} %`;
  return `${store.name}, ${name}: ${Math.round(of(({ perSecond }) => perSecond))}/s, server core ${percent(of(({ serverBusy }) => serverBusy))} busy with it, client core ${percent(of(({ clientBusy }) => clientBusy))}, client ${of(({ clientMs }) => clientMs).toFixed(2)} ms a handshake`;
}
