/** One file of `bench/`: what it shows, and how. */
export type Benchmark = {
  readonly name: string;
  /** What is compared with what, and on what input. */
  readonly about: string;
  readonly run: () => Promise<BenchmarkResult> | BenchmarkResult;
};

export type BenchmarkResult = {
  readonly rows: readonly BenchmarkRow[];
  /** What could not be measured here, and why; what the input was. */
  readonly notes: readonly string[];
};

export type BenchmarkRow = {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The figure to hold, where the specification names one. */
  readonly target?: { readonly relation: "at least" | "at most"; readonly value: number };
};

export function meets({ value, target }: BenchmarkRow): boolean {
  if (target === undefined) return true;
  return target.relation === "at least" ? value >= target.value : value <= target.value;
}
