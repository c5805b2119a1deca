import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openMutationReport, runMutations } from "./mutation-run.ts";
import { openOracle, openSslVersion } from "./openssl-oracle.ts";
import { openOracleReport, runPkis } from "./oracle-run.ts";
import { seededRandom } from "./random.ts";
import { renderFuzzReport } from "./render-fuzz-report.ts";
import { readSeeds } from "./seeds.ts";

const usage = `npm run fuzz -- [--minutes N] [--mutations N] [--pkis N] [--seed N]
Mutates certificates and revocation lists, and compares random small PKIs with "openssl verify -partial_chain".
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
  const seed = Number(values.seed ?? Date.now() % 0x1_0000_0000);
  const wanted = { mutations: Number(values.mutations ?? 0), pkis: Number(values.pkis ?? 0) };
  const minutes = Number(values.minutes ?? (wanted.mutations + wanted.pkis > 0 ? 0 : 1));
  const end = Date.now() + minutes * 60_000;
  const random = seededRandom(seed);
  const seeds = readSeeds(folder);
  const version = openSslVersion();
  const oracle = version === undefined ? undefined : openOracle();
  const mutations = openMutationReport();
  const pkis = openOracleReport();
  const memory: number[] = [];
  try {
    while (Date.now() < end || mutations.mutations < wanted.mutations || (oracle && pkis.pkis < wanted.pkis)) {
      const timed = Date.now() < end;
      if (timed || mutations.mutations < wanted.mutations) runMutations(5_000, seeds, random, mutations);
      if (oracle && (timed || pkis.pkis < wanted.pkis)) runPkis(50, random, oracle.ask, pkis);
      memory.push(process.memoryUsage().rss);
    }
  } finally {
    oracle?.close();
  }
  process.stdout.write(renderFuzzReport({ seed, version, mutations, pkis, memory }));
  return mutations.failures.length + pkis.unexplained.length > 0 ? 1 : 0;
}
