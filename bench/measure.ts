import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** One thing to time: `run` does `operations` units of work. */
export type Contender = {
  readonly name: string;
  readonly operations: number;
  readonly run: () => void | Promise<void>;
};

export type Measured = {
  readonly name: string;
  /** Units of work per second of CPU time, median of the rounds. */
  readonly perCpuSecond: number;
  /** This one's rate by the first contender's in the same round, median of the rounds. */
  readonly ratio: number;
};

export type Rounds = { readonly rounds: number; readonly minMsPerTurn: number };

/**
 * Contenders take turns, round after round, so that a slow moment of the machine hits all of them; CPU time of the process
 * counts, not the clock on the wall; medians, and ratios of the same round.
 */
export async function measure(
  contenders: readonly Contender[],
  { rounds, minMsPerTurn }: Rounds,
): Promise<readonly Measured[]> {
  for (const contender of contenders) await turn(contender, minMsPerTurn);
  const rates: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) rates[i]?.push(await turn(contender, minMsPerTurn));
  }
  const base = rates[0] ?? [];
  return contenders.map(({ name }, i) => {
    const own = rates[i] ?? [];
    return { name, perCpuSecond: median(own), ratio: median(own.map((rate, round) => rate / (base[round] ?? rate))) };
  });
}

setFlagsFromString("--expose-gc");
const collectYoung = runInNewContext("gc") as (how: { readonly type: "minor" }) => void;

/**
 * Units per CPU-second of one turn. What it leaves behind is collected in its own time: a thousand `X509Certificate` take as long to be
 * let go as to be made, and whoever came next would pay for that.
 */
async function turn({ operations, run }: Contender, minMs: number): Promise<number> {
  const before = process.cpuUsage();
  let units = 0;
  do {
    const running = run();
    if (running !== undefined) await running;
    units += operations;
  } while (microsecondsSince(before) < minMs * 1_000);
  collectYoung({ type: "minor" });
  return (units * 1_000_000) / microsecondsSince(before);
}

function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
