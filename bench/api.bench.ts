import { type Ask, asker, benchToken, unlimited } from "./api/client.ts";
import { fullSize, fullStore, storeMegabytes } from "./api/full-store.ts";
import { type Latencies, mergeLatencies, percentile, underLoad } from "./api/load.ts";
import { type Peer, startPeer } from "./api/peer-process.ts";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { startControlPlane } from "./control-plane-process.ts";
import { mintedAuthorities } from "./corpus.ts";
import { residentKbOf } from "./processes.ts";

const rounds = 5;
const load = { requests: 100, atOnce: 4 } as const;
const mostMs = { relation: "at most", value: 50 } as const;

export const apiBenchmark: Benchmark = {
  name: "api",
  about:
    "reads, and validation of 300 certificates, at the full limits: 200 sets × 100 versions × 300 certificates stored",
  run: async () => {
    const directory = await fullStore();
    const token = await benchToken(directory);
    const begin = performance.now();
    const controlPlane = await startControlPlane(directory, { env: unlimited });
    const startMs = performance.now() - begin;
    const peer = await startPeer();
    try {
      const ask = asker(controlPlane.url, token);
      const reads = await measureReads(ask, peer);
      const rest = [...(await measureStream(ask)), ...(await measureValidation(ask))];
      const megabytes = residentKbOf(controlPlane.processId) / 1_024;
      return {
        rows: [
          { what: "start to ready on this store", value: startMs, unit: "ms" },
          ...reads,
          ...rest,
          { what: "control plane after all of it", value: megabytes, unit: "MB resident" },
        ],
        notes: [
          `${rounds} rounds of ${load.requests} requests a route, ${load.atOnce} at once, client on the same cores; the store is ${storeMegabytes(directory)} MB`,
          "the peer is a bare Fastify that encodes the same body from memory, asked in turn with ours; ours by it is a ratio of p50 and of p99",
        ],
      };
    } finally {
      await peer.stop();
      await controlPlane.stop();
    }
  },
};

const anyOf = (count: number): number => 1 + Math.floor(Math.random() * count);
const anyVersion = (): string => `/ca-sets/${anyOf(fullSize.sets)}/versions/${anyOf(fullSize.versions)}`;

const reads: Readonly<Record<string, () => string>> = {
  "list of sets": () => "/ca-sets",
  "one set": () => `/ca-sets/${anyOf(fullSize.sets)}`,
  "list of 100 versions": () => `/ca-sets/${anyOf(fullSize.sets)}/versions`,
  "one version, 300 certificates": anyVersion,
  "its certificates": () => `${anyVersion()}/certificates`,
};

async function measureReads(ask: Ask, peer: Peer): Promise<readonly BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const [i, [what, path]] of Object.entries(reads).entries()) {
    const name = `body-${i}`;
    await peer.keep(name, await (await ask("GET", path())).text());
    const [ours, theirs] = [[] as Latencies[], [] as Latencies[]];
    // The first turn warms both up.
    for (let round = 0; round <= rounds; round++) {
      ours[round] = await underLoad(() => ask("GET", path()), 200, load);
      theirs[round] = await underLoad(() => peer.get(name), 200, load);
    }
    rows.push(...describe(what, mergeLatencies(ours.slice(1)), mergeLatencies(theirs.slice(1))));
  }
  return rows;
}

function describe(what: string, ours: Latencies, peer: Latencies): readonly BenchmarkRow[] {
  const by = (share: number): number => percentile(ours.whole, share) / percentile(peer.whole, share);
  return [
    { what, value: percentile(ours.whole, 0.5), unit: "ms p50" },
    { what, value: percentile(ours.whole, 0.99), unit: "ms p99", target: mostMs },
    { what: `${what}: peer`, value: percentile(peer.whole, 0.99), unit: "ms p99" },
    { what: `${what}: ours by peer, p50`, value: by(0.5), unit: "×" },
    { what: `${what}: ours by peer, p99`, value: by(0.99), unit: "×" },
    { what, value: ours.perSecond, unit: "requests/s" },
  ];
}

const streams = 100;

async function measureStream(ask: Ask): Promise<readonly BenchmarkRow[]> {
  const path = (): string => `/ca-sets/${anyOf(fullSize.sets)}/versions?includeCertificates=true`;
  await underLoad(() => ask("GET", path()), 200, { requests: 5, atOnce: 1 });
  const whole = await underLoad(() => ask("GET", path()), 200, { requests: streams, atOnce: 1 });
  const what = "100 versions with certificates, first byte";
  return [
    { what, value: percentile(whole.firstByte, 0.5), unit: "ms p50" },
    { what, value: percentile(whole.firstByte, 0.99), unit: "ms p99", target: mostMs },
    { what: "100 versions with certificates, last byte", value: percentile(whole.whole, 0.5), unit: "ms p50" },
  ];
}

async function measureValidation(ask: Ask): Promise<readonly BenchmarkRow[]> {
  const certificates = mintedAuthorities(fullSize.certificates).map(({ pem }) => ({ certificatePem: pem }));
  const post = () => ask("POST", "/certificates/validate", { certificates });
  const { whole } = await underLoad(post, 200, { requests: 20, atOnce: 1 });
  return [{ what: "validate 300 certificates", value: percentile(whole, 0.5), unit: "ms p50" }];
}
