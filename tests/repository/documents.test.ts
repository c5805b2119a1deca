import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, readText, repository, sourceFiles } from "./source-file.ts";

const folders = ["apps", "bench", "docs", "packages", "tests", "tools"];
const files = folders.flatMap(filesBelow);
const documents = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", ...files.filter((path) => path.endsWith(".md"))];

const isThere = (path: string): boolean => existsSync(join(repository, path));

/** What GitHub makes of a heading, to link to. */
function anchorsOf(path: string): readonly string[] {
  return Array.from(readText(path).matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
}

function linkFault(from: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const to = path === "" ? from : posix.join(posix.dirname(from), path);
  if (!isThere(to)) return `${link}: there is no ${to}`;
  return anchor === undefined || anchorsOf(to).includes(anchor) ? undefined : `${link}: no such heading`;
}

const fromTheRoot = new RegExp(`^(?:${folders.join("|")})/[\\w./-]+$`);

/** What can only be a file or folder of ours: a path from the root, `control-plane/src/…`, or the name of a module. */
function fileFault(name: string): string | undefined {
  const path = name.replace(/^control-plane\//, "apps/control-plane/");
  if (fromTheRoot.test(path)) return isThere(path) ? undefined : name;
  if (!/^[\w/-]+(?:\.test)?\.tsx?$/.test(name)) return undefined;
  return files.some((file) => file.endsWith(`/${name}`)) ? undefined : name;
}

const found = (path: string, pattern: RegExp): readonly string[] =>
  Array.from(readText(path).matchAll(pattern), ([, inside = ""]) => inside);

describe("what a document points at is there", () => {
  test.each(documents)("links of %s", (path) => {
    const links = found(path, /\]\(([^)\s]+)\)/g).filter((link) => !/^\w+:/.test(link));
    expect(links.flatMap((link) => linkFault(path, link) ?? [])).toEqual([]);
  });

  test.each(documents)("files that %s names", (path) => {
    expect(found(path, /`([^`\n]+)`/g).flatMap((name) => fileFault(name) ?? [])).toEqual([]);
  });

  test("a test that holds a clause of RFC 5280 is in the core", () => {
    const core = files.filter((path) => path.startsWith("packages/core/src/"));
    const names = found("docs/rfc-coverage.md", /`([\w/-]+\.test\.ts)`/g);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !core.some((path) => path.endsWith(`/${name}`)))).toEqual([]);
  });

  test("every page below docs is linked to from another", () => {
    const linked = new Set(
      documents.flatMap((from) =>
        found(from, /\]\(([^)\s#]+)[^)\s]*\)/g).map((link) => posix.join(posix.dirname(from), link)),
      ),
    );
    // A folder's README is what a link to the folder shows.
    const isLinked = (path: string): boolean => linked.has(path) || linked.has(posix.dirname(path));
    expect(documents.filter((path) => path.startsWith("docs/") && !isLinked(path))).toEqual([]);
  });
});

describe("what operators watch is written down", () => {
  const registered = sourceFiles("apps/control-plane/src/observability").flatMap(({ text }) =>
    Array.from(text.matchAll(/"(tcm_\w+)"/g), ([, name = ""]) => name),
  );
  const page = readText("docs/operations/monitoring.md");

  test.each(registered)("%s is on the page of monitoring", (name) => expect(page).toContain(`\`${name}\``));

  test("alerts ask for nothing else", () => {
    const asked = Array.from(page.matchAll(/\b(tcm_\w+?)(?:_bucket|_count|_sum)?\b(?!\w)/g), ([, name = ""]) => name);
    expect([...new Set(asked)].filter((name) => !registered.includes(name))).toEqual([]);
  });
});
