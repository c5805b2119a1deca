import { describe, expect, test } from "vitest";
import { filesBelow, readText, type SourceFile, sourceFiles } from "./source-file.ts";

const maxLines = 350;
/** Tables of cases are long, and a file of tests is read by its names. */
const maxTestLines = 450;

/** Longer than the rest, and why. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["packages/api-contract/src/endpoints.ts", "a table: one entry for each endpoint"],
  [
    "packages/core/src/certificate/parse-certificate.test.ts",
    "a table: one case for each field and fault of RFC 5280 §4",
  ],
  [
    "apps/control-plane/src/operations/activations/activation-life.test.ts",
    "every way in which one activation ends, on one harness",
  ],
  [
    "apps/control-plane/src/nodes/node-server.test.ts",
    "what a session says, from its first line to its last, on one server",
  ],
]);

const sources = sourceFiles("apps", "bench", "packages", "tests", "tools");

function isTooLong({ path, text }: SourceFile): boolean {
  return text.split("\n").length - 1 > (/\.test\.tsx?$/.test(path) ? maxTestLines : maxLines);
}

describe("files are about one noun", () => {
  test(`none has more than ${maxLines} lines, or ${maxTestLines} of tests, without a reason`, () => {
    const long = sources.filter(isTooLong).map(({ path }) => path);
    expect(long.filter((path) => !reasons.has(path))).toEqual([]);
  });

  test("none is called after having no job", () => {
    const vague = /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\/|\.\w+$)|[/-](?:util|helper|manager|service)s?\.\w+$/;
    expect(sources.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
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
