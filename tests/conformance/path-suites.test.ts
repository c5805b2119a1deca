import { beforeAll, describe, expect, test } from "vitest";
import type { Suite } from "../../tools/conformance/case.ts";
import { readExceptions } from "../../tools/conformance/exceptions.ts";
import { describeOutcome } from "../../tools/conformance/judge.ts";
import { reportSuite, type SuiteReport } from "../../tools/conformance/report.ts";
import { findSuites } from "../../tools/conformance/suites.ts";
import { conformanceFile, conformanceFolder } from "./conformance-folder.ts";

/** All of them: the engine takes about a second for everything that is in the folder. */
const files = [
  "limbo-core.json",
  "limbo-path-building.json",
  "limbo-name-constraints.json",
  "pkits.json",
  "chain-errors.json",
];
const { suites } = findSuites(conformanceFolder);
const exceptions = readExceptions();

describe("the public suites are in the folder", () => {
  for (const file of files) test(file, ({ skip }) => skip(conformanceFile(file) === undefined, `${file} is not here`));
});

describe.each(suites)("$name", (suite) => {
  let report: SuiteReport;
  beforeAll(() => {
    const results = suite.cases.map(({ run }) => ({ outcome: run(), cpuMs: 0 }));
    report = reportSuite(suite, results, exceptions);
  });

  test("accepts and refuses as the suite does, but for the divergences that are listed with a reason", () => {
    const unexplained = report.misses.filter(({ kind, exception }) => kind !== "pass" && exception === undefined);
    expect(unexplained.map(({ id, kind, actual }) => `${id}: ${kind}, got ${actual}`)).toEqual([]);
    expect(report.cases).toBeGreaterThan(0);
  });

  test("passes no case that is listed as a divergence", () => {
    expect(report.unexpectedPasses.map(({ id }) => id)).toEqual([]);
  });

  test("is above its floor, reasons included", () => {
    expect(report.isBelowFloor).toBe(false);
  });
});

const limbo = suites.filter(({ name }) => name.startsWith("limbo"));

describe.skipIf(limbo.length === 0)("x509-limbo", () => {
  const wrongly = (expected: string, names: readonly Suite[]) =>
    names.flatMap(({ cases }) =>
      cases
        .filter((one) => one.expected === expected && one.notApplicable === undefined)
        .filter(({ run }) => (run().verdict === "accepted") !== (expected === "accepted")),
    );

  test("neither profile refuses what is to be accepted", () => {
    expect(wrongly("accepted", limbo).map(({ id }) => id)).toEqual([]);
  });

  test("strict accepts nothing that is to be refused", () => {
    const strict = limbo.filter(({ name }) => name.endsWith("strict"));
    expect(wrongly("refused", strict).map(({ id }) => id)).toEqual([]);
  });
});

describe("a divergence", () => {
  test("is described by verdict, code and place", () => {
    expect(describeOutcome({ verdict: "refused", code: "expired", index: 1 })).toBe("refused expired at 1");
    expect(describeOutcome("hang")).toBe("hang");
  });
});
