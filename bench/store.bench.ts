import { join } from "node:path";
import { postgresMissing } from "../apps/control-plane/src/testing/postgres-server.ts";
import { openExistingStore } from "../apps/control-plane/src/store/open-store.ts";
import { type Ask, asker, benchToken, unlimited } from "./api/client.ts";
import { fullSize, fullStore, storeMegabytes } from "./api/full-store.ts";
import { percentile, underLoad } from "./api/load.ts";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { startControlPlane } from "./control-plane-process.ts";
import { median } from "./measure.ts";
import { residentKbOf } from "./processes.ts";
import { type DriverSubject, postgresSubject, sqliteSubject } from "./store/driver-subjects.ts";
import { fullPostgres } from "./store/full-postgres.ts";
import { productSubject } from "./store/product-subject.ts";
import { mark, type Subject } from "./store/subject.ts";

const rounds = 7;
const turnMs = 500;
const readsATurn = 60;

export const storeBenchmark: Benchmark = {
  name: "store",
  about: "durable writes, reads and memory on both stores at the full limits, against the driver alone",
  run: async () => {
    const directory = await fullStore();
    const sqlite = await measureStore({
      name: "SQLite",
      directory,
      driver: () => sqliteSubject(join(directory, "store.sqlite")),
    });
    const notes = [
      `${rounds} rounds in turn; a write is three statements and a commit on disk, a read the ${fullSize.certificates} certificates of any version`,
      "writes through the API: a set created, with its audit record, by eight clients at once on the same cores",
      `memory: after reads of ${apiReads} versions and ${apiLists} whole lists with certificates; the SQLite store is ${storeMegabytes(directory)} MB`,
    ];
    const missing = postgresMissing();
    if (missing !== undefined) return { rows: sqlite, notes: [...notes, `PostgreSQL was not measured: ${missing}`] };
    const { server, url, directory: home } = await fullPostgres();
    try {
      const driver = (): DriverSubject => postgresSubject(url);
      return {
        rows: [...sqlite, ...(await measureStore({ name: "PostgreSQL", directory: home, url, driver }))],
        notes,
      };
    } finally {
      await server.stop();
    }
  },
};

type Place = {
  readonly name: string;
  readonly directory: string;
  /** Undefined: the store in the directory. */
  readonly url?: string;
  readonly driver: () => DriverSubject;
};

async function measureStore(place: Place): Promise<readonly BenchmarkRow[]> {
  const store = await openExistingStore(place.directory, place.url);
  const driver = place.driver();
  try {
    const subjects = [productSubject(store), driver] as const;
    const rows = [...(await measureWrites(place.name, subjects)), ...(await measureReads(place.name, subjects))];
    return [...rows, ...(await measureProcess(place))];
  } finally {
    await store.db.deleteFrom("activities").where("type", "=", mark).execute();
    await store.db.deleteFrom("events").where("type", "=", mark).execute();
    await store.db.deleteFrom("activities").where("ca_set_id", ">", fullSize.sets).execute();
    await store.db.deleteFrom("ca_sets").where("id", ">", fullSize.sets).execute();
    await driver.close();
    await store.close();
  }
}

type Subjects = readonly [ours: Subject, peer: Subject];

async function measureWrites(name: string, [ours, peer]: Subjects): Promise<readonly BenchmarkRow[]> {
  const [own, theirs, many] = [[] as number[], [] as number[], [] as number[]];
  for (let round = 0; round <= rounds; round++) {
    own[round] = await writesPerSecond(ours, 1);
    theirs[round] = await writesPerSecond(peer, 1);
    many[round] = await writesPerSecond(ours, 8);
  }
  const measured = own.slice(1);
  return [
    { what: `${name}: durable writes, one writer`, value: median(measured), unit: "/s" },
    { what: `${name}: durable writes, eight writers`, value: median(many.slice(1)), unit: "/s" },
    { what: `${name}: ${peer.name} alone, one writer`, value: median(theirs.slice(1)), unit: "/s" },
    {
      what: `${name}: writes, ours by ${peer.name}`,
      value: median(measured.map((rate, i) => rate / (theirs[i + 1] ?? rate))),
      unit: "×",
    },
  ];
}

async function writesPerSecond({ write }: Subject, writers: number): Promise<number> {
  const begin = performance.now();
  let count = 0;
  const writer = async (): Promise<void> => {
    while (performance.now() - begin < turnMs) {
      await write();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return (count * 1_000) / (performance.now() - begin);
}

async function measureReads(name: string, [ours, peer]: Subjects): Promise<readonly BenchmarkRow[]> {
  const [own, theirs] = [[] as number[], [] as number[]];
  for (let round = 0; round < rounds; round++) {
    own.push(...(await readTimes(ours)));
    theirs.push(...(await readTimes(peer)));
  }
  const ratio = (share: number): number => percentile(own, share) / percentile(theirs, share);
  return [
    { what: `${name}: read of a version`, value: percentile(own, 0.5), unit: "ms p50" },
    { what: `${name}: read of a version`, value: percentile(own, 0.99), unit: "ms p99" },
    { what: `${name}: ${peer.name} alone`, value: percentile(theirs, 0.5), unit: "ms p50" },
    { what: `${name}: ${peer.name} alone`, value: percentile(theirs, 0.99), unit: "ms p99" },
    { what: `${name}: reads, ours by ${peer.name}, p50`, value: ratio(0.5), unit: "×" },
    { what: `${name}: reads, ours by ${peer.name}, p99`, value: ratio(0.99), unit: "×" },
  ];
}

const anyOf = (count: number): number => 1 + Math.floor(Math.random() * count);

async function readTimes({ read }: Subject): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < readsATurn; i++) {
    const begin = performance.now();
    const count = await read(anyOf(fullSize.sets), anyOf(fullSize.versions));
    times.push(performance.now() - begin);
    if (count !== fullSize.certificates) throw new Error(`a version has ${count} certificates`);
  }
  return times;
}

const apiWrites = 400;
const apiReads = 200;
const apiLists = 5;

async function measureProcess({ name, directory, url }: Place): Promise<readonly BenchmarkRow[]> {
  const env = { TCM_LIMITS: `${unlimited.TCM_LIMITS},caSets=10000`, ...(url !== undefined && { TCM_DATABASE: url }) };
  const controlPlane = await startControlPlane(directory, { env });
  try {
    const megabytes = (): number => residentKbOf(controlPlane.processId) / 1_024;
    const atStart = megabytes();
    const ask = asker(controlPlane.url, await benchToken(directory, url));
    const writes = await createSets(ask);
    await readMuch(ask);
    return [
      { what: `${name}: writes through the API, eight at once`, value: writes, unit: "/s" },
      { what: `${name}: control plane, just started`, value: atStart, unit: "MB resident" },
      { what: `${name}: control plane, after much reading`, value: megabytes(), unit: "MB resident" },
    ];
  } finally {
    await controlPlane.stop();
  }
}

async function createSets(ask: Ask): Promise<number> {
  let number = 0;
  const prefix = `write-${Date.now()}`;
  const create = () => ask("POST", "/ca-sets", { caSetName: `${prefix}-${number++}` });
  return (await underLoad(create, 201, { requests: apiWrites, atOnce: 8 })).perSecond;
}

async function readMuch(ask: Ask): Promise<void> {
  const set = (): string => `/ca-sets/${anyOf(fullSize.sets)}/versions`;
  const one = { requests: apiReads, atOnce: 4 };
  await underLoad(() => ask("GET", `${set()}/${anyOf(fullSize.versions)}`), 200, one);
  await underLoad(() => ask("GET", `${set()}?includeCertificates=true`), 200, { requests: apiLists, atOnce: 1 });
}
