import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { findingDetail, findingTitle } from "@tcm/core";
import { allRules } from "../../packages/core/src/rules/all-rules.ts";
import { severityOf } from "../../packages/core/src/rules/severity.ts";
import { sourceFiles } from "./source-file.ts";

const folder = "packages/core/src/rules";
const files = sourceFiles(folder);
const paths = new Set(files.map(({ path }) => path));

/** What `all-rules.ts` takes its rules from. */
const ruleFiles = (files.find(({ path }) => path === `${folder}/all-rules.ts`)?.imports ?? [])
  .filter(({ isTypeOnly }) => !isTypeOnly)
  .map(({ specifier }) => posix.join(folder, specifier));

describe("a rule is one file with its citation, its test, its severities and its text", () => {
  test("there are rules", () => expect(ruleFiles.length).toBeGreaterThan(10));

  test.each(ruleFiles)("%s has its test beside it", (path) => {
    expect(paths).toContain(path.replace(/\.ts$/, ".test.ts"));
  });

  test("every file in a folder of rules is in use", () => {
    const imported = new Set(
      files.flatMap(({ path, imports }) => imports.map(({ specifier }) => posix.join(posix.dirname(path), specifier))),
    );
    const unused = files.filter(
      ({ path, isTest }) => !isTest && path.split("/").length > folder.split("/").length + 1 && !imported.has(path),
    );
    expect(unused.map(({ path }) => path)).toEqual([]);
  });

  test.each(allRules.map((rule) => [rule.code, rule] as const))("%s is told on upload, cited and worded", (code, {
    cites,
  }) => {
    expect(severityOf(code, "validate", false)).toBeDefined();
    expect(cites).not.toBe("");
    expect(findingTitle(code)).not.toBe("");
    expect(findingDetail({ code, evidence: {} })).not.toBe("");
  });
});
