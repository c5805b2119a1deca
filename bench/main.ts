import { type Benchmark, type BenchmarkResult, meets } from "./benchmark.ts";
import { apiBenchmark } from "./api.bench.ts";
import { consoleBenchmark } from "./console.bench.ts";
import { deployBenchmark } from "./deploy.bench.ts";
import { edgeHandshakesBenchmark } from "./edge-handshakes.bench.ts";
import { fleetBenchmark } from "./fleet.bench.ts";
import { parseBenchmark } from "./parse.bench.ts";
import { pathBenchmark } from "./path.bench.ts";
import { reloadBenchmark } from "./reload.bench.ts";
import { startBenchmark } from "./start.bench.ts";
import { storeBenchmark } from "./store.bench.ts";
import { takeoverBenchmark } from "./takeover.bench.ts";
import { validateBenchmark } from "./validate.bench.ts";

const benchmarks: readonly Benchmark[] = [
  parseBenchmark,
  pathBenchmark,
  validateBenchmark,
  startBenchmark,
  deployBenchmark,
  fleetBenchmark,
  apiBenchmark,
  storeBenchmark,
  takeoverBenchmark,
  edgeHandshakesBenchmark,
  reloadBenchmark,
  consoleBenchmark,
];

const help = `Usage: npm run bench [-- NAME… [--json]]

Figures are medians of interleaved rounds; where a peer exists they are ratios against it in the same run.
Exit 1 when a figure misses its target: look at the machine's load before you look at the code.

${benchmarks.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join("\n")}
`;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  const json = args.includes("--json");
  const names = args.filter((arg) => !arg.startsWith("--"));
  const unknown = names.find((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no benchmark "${unknown}".\n\n${help}`);
    return 2;
  }
  let isGood = true;
  for (const benchmark of benchmarks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const result = await benchmark.run();
    isGood &&= result.rows.every(meets);
    process.stdout.write(json ? `${JSON.stringify({ name: benchmark.name, ...result })}\n` : render(benchmark, result));
  }
  return isGood ? 0 : 1;
}

function render({ name, about }: Benchmark, { rows, notes }: BenchmarkResult): string {
  const lines = rows.map((row) => {
    const figure = `${format(row.value)} ${row.unit}`;
    const target = row.target && `${row.target.relation} ${row.target.value}: ${meets(row) ? "held" : "MISSED"}`;
    return `  ${row.what.padEnd(44)} ${figure.padEnd(32)} ${target ?? ""}`.trimEnd();
  });
  return `\n${name}: ${about}\n${[...lines, ...notes.map((note) => `  (${note})`)].join("\n")}\n`;
}

function format(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}

process.exitCode = await main(process.argv.slice(2));
