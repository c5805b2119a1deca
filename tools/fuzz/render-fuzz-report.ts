import type { MutationReport } from "./mutation-run.ts";
import type { OracleReport } from "./oracle-run.ts";

export type FuzzReport = {
  readonly seed: number;
  readonly version: string | undefined;
  readonly mutations: MutationReport;
  readonly pkis: OracleReport;
  readonly revocation: OracleReport;
  /** Resident bytes after each round. */
  readonly memory: readonly number[];
};

const maxShown = 20;

export function renderFuzzReport({ seed, version, mutations, pkis, revocation, memory }: FuzzReport): string {
  const lines = [
    `seed ${seed}`,
    `mutations ${mutations.mutations}, still read ${mutations.parsed}, failures ${mutations.failures.length}, worst ${mutations.worstCpuMs.toFixed(1)} ms CPU`,
    ...counts("read by us, refused by OpenSSL's reader", mutations.readByUsOnly),
    ...mutations.failures.slice(0, maxShown).map(({ what, base64 }) => `FAILURE ${what}\n  ${base64}`),
    ...(version === undefined
      ? ["no openssl on this machine: no comparison"]
      : [...oracleLines(`PKIs against ${version}`, pkis), ...oracleLines("PKIs with revocation lists", revocation)]),
    `memory: ${memoryLine(memory)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function oracleLines(title: string, report: OracleReport): readonly string[] {
  const { pkis, clients, bothAccept, bothRefuse, explained, unexplained } = report;
  return [
    `${pkis} ${title}, ${clients} clients: both accept ${bothAccept}, both refuse ${bothRefuse}, unexplained ${unexplained.length}`,
    ...counts("explained", explained),
    ...unexplained.slice(0, maxShown).map(({ what, pki }) => `UNEXPLAINED ${what}\n  ${pki}`),
  ];
}

function counts(title: string, map: ReadonlyMap<string, number>): readonly string[] {
  return [...map].toSorted((a, b) => b[1] - a[1]).map(([what, count]) => `  ${title}: ${count} × ${what}`);
}

/** The first rounds fill caches; after a quarter of the run nothing may grow any more. */
function memoryLine(memory: readonly number[]): string {
  const megabytes = (bytes: number | undefined): string => `${Math.round((bytes ?? 0) / 1_048_576)} MB`;
  return `${megabytes(memory[Math.floor(memory.length / 4)])} after a quarter, ${megabytes(memory.at(-1))} at the end`;
}
