import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openMutationReport, runMutations } from "./mutation-run.ts";
import { type Oracle, openOracle, openSslVersion } from "./openssl-oracle.ts";
import { openOracleReport, runPkis, runRevocation } from "./oracle-run.ts";
import { seededRandom } from "./random.ts";
import { renderFuzzReport } from "./render-fuzz-report.ts";
import { readSeeds, type Seeds } from "./seeds.ts";

const usage = `npm run fuzz -- [--minutes N] [--mutations N] [--pkis N] [--seed N]
Mutates certificates and revocation lists, and compares random small PKIs with "openssl verify", with and without
revocation lists.
Runs until all given bounds are reached; default: one minute. Exit 1: something must not have happened.
`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    mutations: { type: "string" },
    pkis: { type: "string" },
    seed: { type: "string" },
    help: { type: "boolean" },
  },
});
if (values.help) process.stdout.write(usage);
else process.exitCode = main();

function main(): number {
  const folder = resolve(import.meta.dirname, "../..", process.env["TCM_CONFORMANCE_DIR"] ?? "../shared/conformance");
  const bounds = { mutations: Number(values.mutations ?? 0), pkis: Number(values.pkis ?? 0) };
  const minutes = Number(values.minutes ?? (bounds.mutations + bounds.pkis > 0 ? 0 : 1));
  const seed = Number(values.seed ?? Date.now() % 0x1_0000_0000);
  const version = openSslVersion();
  const oracle = version === undefined ? undefined : openOracle();
  try {
    const report = run({ ...bounds, end: Date.now() + minutes * 60_000 }, readSeeds(folder), seed, oracle);
    process.stdout.write(renderFuzzReport({ seed, version, ...report }));
    const { mutations, pkis, revocation } = report;
    return mutations.failures.length + pkis.unexplained.length + revocation.unexplained.length > 0 ? 1 : 0;
  } finally {
    oracle?.close();
  }
}

type Bounds = { readonly mutations: number; readonly pkis: number; readonly end: number };

/** In small rounds of both kinds, until each has reached its number and the time is over. */
function run(bounds: Bounds, seeds: Seeds, seed: number, oracle: Oracle | undefined) {
  const random = seededRandom(seed);
  const mutations = openMutationReport();
  const pkis = openOracleReport();
  const revocation = openOracleReport();
  const memory: number[] = [];
  for (;;) {
    const isTimeLeft = Date.now() < bounds.end;
    const mutate = isTimeLeft || mutations.mutations < bounds.mutations;
    const compare = isTimeLeft || pkis.pkis < bounds.pkis;
    if (mutate) runMutations(5_000, seeds, random, mutations);
    if (compare && oracle !== undefined) {
      runPkis(50, random, oracle.ask, pkis);
      runRevocation(50, random, oracle.askRevocation, revocation);
    }
    if (!mutate && (!compare || oracle === undefined)) return { mutations, pkis, revocation, memory };
    memory.push(process.memoryUsage().rss);
  }
}
