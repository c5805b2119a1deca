import { describe, expect, test } from "vitest";
import { sourceFiles } from "./source-file.ts";

const tests = sourceFiles("packages", "apps", "tests").filter(({ path }) => /\.test\.tsx?$/.test(path));

function lines(pattern: RegExp, among = tests): readonly string[] {
  return among.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
  );
}

describe("a test that is there runs", () => {
  test("none runs alone", () => expect(lines(/\b(?:test|it|describe|suite)\b[\w.]*\.only\b/)).toEqual([]));

  test("none is switched off", () => {
    expect(lines(/\b(?:test|it|describe|suite)\b[\w.]*\.(?:skip|todo|fails)\b/)).toEqual([]);
  });

  test("what depends on the machine prints why it does not run", () => {
    const silent = tests.filter(({ text }) => !/console\.warn\(|conformanceFile\(/.test(text));
    expect(lines(/\.(?:skipIf|runIf)\(/, silent)).toEqual([]);
    expect(lines(/\bcontext\.skip\(\s*\)|\.skip\(\s*\)/)).toEqual([]);
  });

  test("none hides behind another name", () => {
    const named = sourceFiles("packages", "apps", "tests").filter(
      ({ path, text }) =>
        !/\.test\.tsx?$/.test(path) && /^(?:test|describe)\(/m.test(text) && !path.endsWith("-contract.ts"),
    );
    expect(named.map(({ path }) => path)).toEqual([]);
  });
});
