import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readExceptions } from "./exceptions.ts";
import { renderReports } from "./render-report.ts";
import { reportSuite, type SuiteReport } from "./report.ts";
import { runSuite } from "./run-suite.ts";
import { findSuites } from "./suites.ts";

const usage = `npm run conformance [-- --json] [-- --suite NAME]
Runs the public suites found in $TCM_CONFORMANCE_DIR (default ../shared/conformance).
Exit 0: every floor is reached. 1: one is not, or a known divergence passes. 2: no suite was found.
`;

const { values } = parseArgs({
  options: { json: { type: "boolean" }, suite: { type: "string" }, help: { type: "boolean" } },
});
if (values.help) process.stdout.write(usage);
else process.exitCode = await main(values.json ?? false, values.suite ?? "");

async function main(asJson: boolean, prefix: string): Promise<number> {
  const repository = resolve(import.meta.dirname, "../..");
  const folder = resolve(repository, process.env["TCM_CONFORMANCE_DIR"] ?? "../shared/conformance");
  const { suites, missing } = findSuites(folder);
  const exceptions = readExceptions();
  const reports: SuiteReport[] = [];
  for (const suite of suites.filter(({ name }) => name.startsWith(prefix))) {
    const results = await runSuite(folder, suite.name, suite.cases.length);
    reports.push(reportSuite(suite, results, exceptions));
  }
  process.stdout.write(
    asJson ? `${JSON.stringify({ reports, missing }, undefined, 2)}\n` : renderReports(reports, missing),
  );
  if (reports.length === 0) return 2;
  return reports.some(({ isBelowFloor }) => isBelowFloor) ? 1 : 0;
}
