import { describe, expect, test } from "vitest";
import { sourceFiles } from "./source-file.ts";

const files = sourceFiles("apps", "bench", "packages", "tests", "tools");
const words = new Map(files.map(({ path, text }) => [path, new Set(text.match(/[A-Za-z_$][\w$]*/g))]));

/** Names that a file exports itself; what a door hands on is looked at where it comes from. */
function exportsOf(text: string): readonly string[] {
  return Array.from(
    text.matchAll(/^export (?:abstract |async )?(?:class|const|function|let) (\w+)/gm),
    ([, name = ""]) => name,
  );
}

describe("what is exported is used elsewhere", () => {
  test("each name stands in another file", () => {
    const unused = files
      .filter(({ path }) => !path.endsWith(".config.ts"))
      .flatMap(({ path, text }) =>
        exportsOf(text)
          .filter((name) => !files.some((other) => other.path !== path && words.get(other.path)?.has(name) === true))
          .map((name) => `${path}: ${name}`),
      );
    expect(unused).toEqual([]);
  });

  test("a door lists the names, so that each can be looked at", () => {
    const starred = files.filter(({ text }) => /^export \*/m.test(text)).map(({ path }) => path);
    expect(starred).toEqual([]);
  });
});
