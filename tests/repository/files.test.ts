import { describe, expect, test } from "vitest";
import { filesBelow, readText, sourceFiles } from "./source-file.ts";

const maxLines = 350;

/** Tables of data may be long. */
const tables: ReadonlySet<string> = new Set(["packages/api-contract/src/endpoints.ts"]);

describe("files are about one noun", () => {
  test(`none has more than ${maxLines} lines, tests and tables apart`, () => {
    const long = sourceFiles("packages", "apps", "tests", "bench", "tools")
      .filter(({ path, isTest }) => !isTest && !tables.has(path))
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > maxLines);
    expect(long).toEqual([]);
  });

  test("none is called after having no job", () => {
    const vague = /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\/|\.\w+$)|[/-](?:util|helper|manager|service)s?\.\w+$/;
    const named = sourceFiles("packages", "apps", "tests", "bench", "tools").filter(({ path }) => vague.test(path));
    expect(named.map(({ path }) => path)).toEqual([]);
  });
});

describe("every decision is in the index", () => {
  const index = readText("docs/decisions/README.md");
  const decisions = filesBelow("docs/decisions").filter((path) => !path.endsWith("/README.md"));

  test.each(decisions)("%s", (path) => {
    const name = path.split("/").at(-1) ?? "";
    expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
    expect(index).toContain(`| [${name.slice(0, 4)}](${name}) |`);
  });

  test("the index names no other, and no number stands for two", () => {
    const listed = Array.from(index.matchAll(/\]\((\d{4}-[^)]+)\)/g), ([, name]) => `docs/decisions/${name}`);
    expect(listed.toSorted()).toEqual(decisions.toSorted());
    expect(new Set(decisions.map((path) => path.slice("docs/decisions/".length, -4).slice(0, 4))).size).toBe(
      decisions.length,
    );
  });
});
