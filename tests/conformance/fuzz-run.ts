import { openMutationReport, runMutations } from "../../tools/fuzz/mutation-run.ts";
import { openOracle, openSslVersion } from "../../tools/fuzz/openssl-oracle.ts";
import { openOracleReport, runPkis, runRevocation } from "../../tools/fuzz/oracle-run.ts";
import { seededRandom } from "../../tools/fuzz/random.ts";
import { readSeeds } from "../../tools/fuzz/seeds.ts";
import { conformanceFolder } from "./conformance-folder.ts";

/** What went wrong, with the bytes. Seeds are minted where the folder with real certificates is missing. */
export function fuzzMutations(count: number, seed: number) {
  const report = openMutationReport();
  runMutations(count, readSeeds(conformanceFolder), seededRandom(seed), report);
  return report.failures;
}

/** Differences that nobody can explain, with the certificates; without and with revocation lists. */
export function fuzzPkis(count: number, seed: number) {
  const oracle = openOracle();
  try {
    const report = openOracleReport();
    runPkis(count, seededRandom(seed), oracle.ask, report);
    runRevocation(count, seededRandom(seed), oracle.askRevocation, report);
    return report.unexplained;
  } finally {
    oracle.close();
  }
}

export function hasOpenSsl(): boolean {
  return openSslVersion() !== undefined;
}
