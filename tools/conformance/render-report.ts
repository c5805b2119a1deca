import type { SuiteReport } from "./report.ts";

const columns = ["suite", "cases", "passed", "known", "false acc", "false rej", "hangs", "reasons", "worst CPU", "n/a"];

/** A table, then every miss with what was expected, what came and why it is known. */
export function renderReports(reports: readonly SuiteReport[], missing: readonly string[]): string {
  const rows = [columns, ...reports.map(cells)];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i] ?? 0, i === 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    ...table,
    "",
    ...reports.flatMap(missLines),
    ...missing.map((file) => `skipped: ${file} is not in the folder`),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function cells(report: SuiteReport): readonly string[] {
  const { agreed, of } = report.reasons;
  return [
    report.suite + (report.isBelowFloor ? " (!)" : ""),
    String(report.cases),
    String(report.passed),
    String(report.known),
    String(report.falseAccepts),
    String(report.falseRejects),
    String(report.hangs),
    of === 0 ? "-" : `${agreed}/${of}`,
    `${report.worst.cpuMs.toFixed(1)} ms`,
    String(report.notApplicable),
  ];
}

function pad(cell: string, width: number, left: boolean): string {
  return left ? cell.padEnd(width) : cell.padStart(width);
}

function missLines({ suite, misses, unexpectedPasses }: SuiteReport): readonly string[] {
  const lines = misses.map(({ id, kind, actual, reasonAgrees, expectedReasons, exception }) => {
    const wanted = expectedReasons.map(({ codes, index }) => `${codes[0]} at ${index}`).join(", ");
    const what = kind === "pass" && reasonAgrees === false ? `reason differs, expected ${wanted}` : kind;
    return `${suite}: ${id}: ${what}, got ${actual}${exception ? ` [known: ${exception.reason}]` : ""}`;
  });
  return [
    ...lines,
    ...unexpectedPasses.map(({ id }) => `${suite}: ${id}: listed as a known divergence, but it passes`),
  ];
}
