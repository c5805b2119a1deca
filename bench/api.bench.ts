import { statSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { createToken } from "../apps/control-plane/src/operations/api-token.ts";
import { openExistingStore } from "../apps/control-plane/src/store/open-store.ts";
import { fillStore } from "./api/full-store.ts";
import { type Latencies, percentile, underLoad } from "./api/load.ts";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { startControlPlane } from "./control-plane-process.ts";
import { mintedAuthorities } from "./corpus.ts";

const size = { sets: 200, versions: 100, certificates: 300 } as const;
const load = { requests: 400, atOnce: 4 } as const;
const base = "/mtls-edge-truststore/v2";
/** A benchmark is one actor who asks much. */
const env = { TCM_LIMITS: "requestsPerMinute=1000000000" };

export const apiBenchmark: Benchmark = {
  name: "api",
  about:
    "reads, and validation of 300 certificates, at the full limits: 200 sets × 100 versions × 300 certificates stored",
  run: async () => {
    const directory = createTemporaryDirectory();
    try {
      const { token, authorities } = await prepare(directory);
      const begin = performance.now();
      const controlPlane = await startControlPlane(directory, env);
      const startMs = performance.now() - begin;
      const rows = await measureRoutes(controlPlane.url, token, authorities);
      await controlPlane.stop();
      const storeMb = statSync(join(directory, "store.sqlite")).size / 2 ** 20;
      return {
        rows: [{ what: "start to ready on this store", value: startMs, unit: "ms" }, ...rows],
        notes: [
          `${load.requests} requests a route, ${load.atOnce} at once, client on the same two cores; the store is ${Math.round(storeMb)} MB`,
        ],
      };
    } finally {
      removeDirectory(directory);
    }
  },
};

/** One set with one version by the API, the rest by SQL. */
async function prepare(directory: string) {
  const controlPlane = await startControlPlane(directory, env);
  const store = await openExistingStore(directory);
  const token = await createToken(store.db, Date.now, "admin", "bench");
  await store.close();
  const authorities = mintedAuthorities(size.certificates).map(({ pem }) => ({ certificatePem: pem }));
  const ask = asker(controlPlane.url, token);
  await must(await ask("POST", "/ca-sets", { caSetName: "bench-1" }), 201);
  await must(await ask("POST", "/ca-sets/1/versions", { certificates: authorities }), 201);
  await controlPlane.stop();
  fillStore(directory, size);
  return { token, authorities };
}

async function measureRoutes(
  url: string,
  token: string,
  certificates: readonly unknown[],
): Promise<readonly BenchmarkRow[]> {
  const ask = asker(url, token);
  const set = (): number => 1 + Math.floor(Math.random() * size.sets);
  const version = (): string => `/ca-sets/${set()}/versions/${1 + Math.floor(Math.random() * size.versions)}`;
  const reads: Readonly<Record<string, () => Promise<Response>>> = {
    "list of sets": () => ask("GET", "/ca-sets"),
    "one set": () => ask("GET", `/ca-sets/${set()}`),
    "list of 100 versions": () => ask("GET", `/ca-sets/${set()}/versions`),
    "one version, 300 certificates": () => ask("GET", version()),
    "its certificates": () => ask("GET", `${version()}/certificates`),
  };
  const rows: BenchmarkRow[] = [];
  for (const [what, read] of Object.entries(reads)) rows.push(...describe(what, await underLoad(read, 200, load)));
  const whole = await underLoad(() => ask("GET", `/ca-sets/${set()}/versions?includeCertificates=true`), 200, {
    requests: 5,
    atOnce: 1,
  });
  rows.push({
    what: "100 versions with certificates, first byte",
    value: percentile(whole.firstByte, 0.99),
    unit: "ms at most",
    target: { relation: "at most", value: 50 },
  });
  const validate = await underLoad(() => ask("POST", "/certificates/validate", { certificates }), 200, {
    requests: 20,
    atOnce: 1,
  });
  rows.push({ what: "validate 300 certificates", value: percentile(validate.whole, 0.5), unit: "ms p50" });
  return rows;
}

function describe(what: string, { whole, perSecond }: Latencies): readonly BenchmarkRow[] {
  return [
    { what, value: percentile(whole, 0.5), unit: "ms p50" },
    { what, value: percentile(whole, 0.99), unit: "ms p99", target: { relation: "at most", value: 50 } },
    { what, value: perSecond, unit: "requests/s" },
  ];
}

function asker(url: string, token: string) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}${base}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

async function must(response: Response, status: number): Promise<void> {
  if (response.status !== status) throw new Error(`answered ${response.status}: ${await response.text()}`);
}
