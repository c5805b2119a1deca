import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Benchmark, BenchmarkResult, BenchmarkRow } from "./benchmark.ts";
import { buildHandshakeClient, type HandshakeClient, type Handshakes } from "./edge-handshakes/handshake-client.ts";
import { handshakePki, type TrustStore } from "./edge-handshakes/handshake-pki.ts";
import {
  bareNodeName,
  type HandshakeServer,
  isInstalled,
  startBareNode,
  startBuiltIn,
  startHaproxy,
  startNginx,
} from "./edge-handshakes/servers.ts";
import { median } from "./measure.ts";
import { cpuMsOf, pin } from "./processes.ts";

const rounds = 7;
/** Less for a look whether it runs: `TCM_BENCH_SECONDS=0.2`. */
const secondsPerRound = Number(process.env["TCM_BENCH_SECONDS"] ?? 2);
/** The built-in edge is compiled as it runs, and takes some ten thousand handshakes for it. */
const warmUpSeconds = 4 * secondsPerRound;
/** The built-in edge remembers 1,024 clients. Those of a first visit come in turn and are more: each is new to it. */
const orders = [
  { name: "1 CA", size: 1, clients: 200, areStrangers: false },
  { name: "300 CAs", size: 300, clients: 200, areStrangers: false },
  { name: "300 CAs, first visits", size: 300, clients: 1_100, areStrangers: false },
  { name: "300 CAs, refused", size: 300, clients: 200, areStrangers: true },
];
/** Below, the rate is that of the client, or of what else the machine does, and no target is held to it. */
const saturated = 0.85;
const serverCore = 0;
const clientCore = 1;

export const edgeHandshakesBenchmark: Benchmark = {
  name: "edge-handshakes",
  about:
    "full mTLS handshakes with one GET each: the built-in edge against a bare node:https, nginx and HAProxy, on one core",
  run: async () => {
    const directory = createTemporaryDirectory();
    const servers: HandshakeServer[] = [];
    try {
      const client = buildHandshakeClient(directory, clientCore);
      if ("missing" in client) return { rows: [], notes: [`not measured: ${client.missing}`] };
      const pki = handshakePki(directory, orders);
      servers.push(await startBuiltIn(pki));
      servers.push(await startBareNode(pki));
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
    `TLS 1.3, P-256, X25519, no resumption, names off; 200 client certificates in turn, 1,100 where each is new to the edge; server on core ${serverCore}, client on core ${clientCore}`,
    `medians of ${rounds} interleaved rounds of ${secondsPerRound} s; ratios of the same round; what "per CPU second" divides by is the server's own time`,
  ];
  for (const store of stores) {
    const able = store.areStrangers ? servers.filter(({ refusesWith }) => refusesWith !== undefined) : servers;
    const samples = await sampleAll(able, inTurn(store, client));
    rows.push(...rowsOf(able, store, samples));
    notes.push(...able.map(({ name }, i) => busyNote(name, store, samples[i] ?? [])));
  }
  return { rows, notes };
}

type Visits = (server: HandshakeServer, seconds: number) => Promise<Handshakes>;

/** Each round begins with the client that did not come in the last one: else the first of them would be known to the edge. */
function inTurn(store: TrustStore, client: HandshakeClient): Visits {
  const visits = new Map<HandshakeServer, number>();
  return async (server, seconds) => {
    const before = visits.get(server) ?? 0;
    const next = before % store.clientFiles.length;
    const clientFiles = [...store.clientFiles.slice(next), ...store.clientFiles.slice(0, next)];
    const status = store.areStrangers ? (server.refusesWith ?? 0) : 200;
    const handshakes = await client({ ...server.addressOf(store), seconds, status, clientFiles });
    visits.set(server, before + handshakes.count);
    return handshakes;
  };
}

/** By server, then by round, after a warm-up. */
async function sampleAll(servers: readonly HandshakeServer[], visit: Visits) {
  const samples: Sample[][] = servers.map(() => []);
  for (const server of servers) await sampleOne(server, visit, warmUpSeconds);
  for (let round = 0; round < rounds; round++) {
    for (const [i, server] of servers.entries()) samples[i]?.push(await sampleOne(server, visit, secondsPerRound));
  }
  return samples;
}

async function sampleOne(server: HandshakeServer, visit: Visits, seconds: number): Promise<Sample> {
  const before = cpuMsOf(server.processId);
  const { count, cpuMs, wallMs } = await visit(server, seconds);
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
  store: TrustStore,
  samples: readonly (readonly Sample[])[],
): readonly BenchmarkRow[] {
  const named = servers.map(({ name }, i) => ({ name, samples: samples[i] ?? [] }));
  const [own, ...peers] = named;
  if (own === undefined) return [];
  return [
    ...peers.flatMap((peer) => rowsAgainst(store, own, peer)),
    ...peers.filter(({ name }) => isNginx(name)).flatMap((nginx) => ceilingRows(store, peers, nginx)),
    ...named.map((server) => ({
      what: `${store.name}, ${server.name}`,
      value: median(server.samples.map(({ serverMs }) => serverMs)),
      unit: "ms of server CPU per handshake",
    })),
  ];
}

type Sampled = { readonly name: string; readonly samples: readonly Sample[] };

function rowsAgainst({ name: cas, areStrangers }: TrustStore, own: Sampled, peer: Sampled): readonly BenchmarkRow[] {
  const target = isNginx(peer.name) && !areStrangers && { target: { relation: "at least", value: 0.95 } as const };
  const isServersRate = [own, peer].every(
    ({ samples }) => median(samples.map(({ serverBusy }) => serverBusy)) > saturated,
  );
  return [
    {
      what: `${cas}, per second`,
      value: medianRatio(own, peer, (a, b) => a.perSecond / b.perSecond),
      unit: `x ${peer.name}`,
      ...(isServersRate && target),
    },
    { what: `${cas}, per CPU second of the server`, value: cpuRatio(own, peer), unit: `x ${peer.name}`, ...target },
  ];
}

/** How near to nginx anything can come that is made on `node:https`. */
function ceilingRows({ name: cas }: TrustStore, peers: readonly Sampled[], nginx: Sampled): readonly BenchmarkRow[] {
  const bare = peers.filter(({ name }) => name === bareNodeName);
  return bare.map((peer) => ({
    what: `${cas}, ${peer.name}, per CPU second`,
    value: cpuRatio(peer, nginx),
    unit: `x ${nginx.name}`,
  }));
}

function isNginx(name: string): boolean {
  return name.startsWith("nginx");
}

function cpuRatio(own: Sampled, peer: Sampled): number {
  return medianRatio(own, peer, (a, b) => b.serverMs / a.serverMs);
}

function medianRatio(own: Sampled, peer: Sampled, of: (own: Sample, peer: Sample) => number): number {
  const other = peer.samples;
  return median(own.samples.flatMap((sample, round) => (other[round] === undefined ? [] : of(sample, other[round]))));
}

function busyNote(name: string, store: TrustStore, samples: readonly Sample[]): string {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  const percent = (value: number): string => `${Math.round(value * 100)} %`;
  return `${store.name}, ${name}: ${Math.round(of(({ perSecond }) => perSecond))}/s, server core ${percent(of(({ serverBusy }) => serverBusy))} busy with it, client core ${percent(of(({ clientBusy }) => clientBusy))}, client ${of(({ clientMs }) => clientMs).toFixed(2)} ms a handshake`;
}
