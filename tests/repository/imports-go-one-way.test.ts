import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { folderImports, packageImports, processEntries } from "./allowed-imports.ts";
import type { Import } from "./imports-of.ts";
import { filesBelow, readText, type SourceFile, sourceFiles } from "./source-file.ts";

const files = sourceFiles("packages", "apps");

const packageOf = (path: string): string => path.split("/")[1] ?? "";
/** The folder directly below `src`; "." for files that lie there themselves. */
const folderOf = (path: string): string => path.split("/").slice(3, -1)[0] ?? ".";

/** Where a relative import leads, from the root of the repository. */
function target({ path }: SourceFile, { specifier }: Import): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}

/** One line for each import that breaks the rule. */
function violations(breaks: (file: SourceFile, wanted: Import) => boolean): readonly string[] {
  return files.flatMap((file) =>
    file.imports.filter((wanted) => breaks(file, wanted)).map(({ specifier }) => `${file.path} imports ${specifier}`),
  );
}

describe("imports go one way between packages", () => {
  test("every package has a row in the table", () => {
    expect([...new Set(files.map(({ path }) => packageOf(path)))].filter((name) => !(name in packageImports))).toEqual(
      [],
    );
  });

  test("each imports only what its row allows", () => {
    const broken = violations((file, { specifier }) => {
      if (!specifier.startsWith("@tcm/")) return false;
      const from = packageOf(file.path);
      const wanted = specifier.slice("@tcm/".length);
      if (wanted === from || packageImports[from]?.includes(wanted) || processEntries[from]?.includes(wanted))
        return false;
      return !(file.isTest && (wanted === "testkit" || wanted === "node-crypto"));
    });
    expect(broken).toEqual([]);
  });

  test("a package is entered by its door, never by a path into it", () => {
    const broken = violations((file, wanted) => {
      const to = target(file, wanted);
      return to === undefined
        ? /^@tcm\/[^/]+\//.test(wanted.specifier)
        : !to.startsWith(`${file.path.split("/").slice(0, 2).join("/")}/`);
    });
    expect(broken).toEqual([]);
  });

  test("what an app offers to the command line is where its processes start, or where its pages lie", () => {
    const doors = Object.values(processEntries)
      .flat()
      .map((app) => `apps/${app}/src/index.ts`);
    for (const door of doors) {
      const statements = readText(door)
        .replaceAll(/\/\*\*.*?\*\//gs, "")
        .split("\n")
        .filter((line) => line.trim() !== "");
      for (const line of statements)
        expect(line).toMatch(/^export const \w+ = new URL\("(?:\.\/[\w-]+\.ts|\.\.\/dist\/)", import\.meta\.url\);$/);
    }
  });

  test("only tests import the testkit and the test runner", () => {
    const broken = violations(
      (file, { specifier }) => !file.isTest && /^(@tcm\/testkit|vitest|fast-check)(\/|$)/.test(specifier),
    );
    expect(broken).toEqual([]);
  });

  test("only tests import from testing and testdata folders", () => {
    const broken = violations(
      (file, wanted) => !file.isTest && /\/(testing|testdata)\//.test(target(file, wanted) ?? ""),
    );
    expect(broken).toEqual([]);
  });

  test("what is imported is declared in the package's own package.json", () => {
    const declared = new Map(
      filesBelow("packages")
        .concat(filesBelow("apps"))
        .filter((path) => path.split("/").length === 3 && path.endsWith("/package.json"))
        .map((path) => {
          const { name, dependencies = {}, devDependencies = {} } = JSON.parse(readText(path));
          return [packageOf(path), new Set([name, ...Object.keys(dependencies), ...Object.keys(devDependencies)])];
        }),
    );
    const broken = violations((file, { specifier }) => {
      if (file.isTest || specifier.startsWith(".") || specifier.startsWith("node:")) return false;
      const name = specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
      return declared.get(packageOf(file.path))?.has(name) !== true;
    });
    expect(broken).toEqual([]);
  });
});

describe.each(Object.entries(folderImports))("imports go one way inside %s", (name, table) => {
  const own = files.filter(({ path, isTest }) => packageOf(path) === name && !isTest && folderOf(path) !== ".");

  test("every folder has a row in the table", () => {
    expect([...new Set(own.map(({ path }) => folderOf(path)))].filter((folder) => !(folder in table))).toEqual([]);
  });

  test("each imports only what its row allows", () => {
    const broken = own.flatMap((file) =>
      file.imports.flatMap((wanted) => {
        const to = target(file, wanted);
        const from = folderOf(file.path);
        if (to === undefined || folderOf(to) === from) return [];
        const { values = [], types = [] } = table[from] ?? {};
        const allowed = wanted.isTypeOnly ? [...values, ...types] : values;
        return allowed.includes(folderOf(to)) ? [] : [`${file.path} imports ${wanted.specifier}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  test("the table has no circle", () => {
    const reaches = (from: string, seen: ReadonlySet<string>): boolean =>
      (table[from]?.values ?? []).some((next) => seen.has(next) || reaches(next, new Set([...seen, next])));
    expect(Object.keys(table).filter((folder) => reaches(folder, new Set([folder])))).toEqual([]);
  });
});

describe("the core depends on nothing", () => {
  const core = files.filter(({ path, isTest }) => packageOf(path) === "core" && !isTest);

  test("it imports nothing from outside, not even from Node", () => {
    const broken = core.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => !specifier.startsWith("."))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(broken).toEqual([]);
    expect(JSON.parse(readText("packages/core/package.json")).dependencies).toEqual({});
  });

  test("it has no clock, no randomness and no world around it", () => {
    const world =
      /\b(?:Date\.now|new Date\(\)|performance\.|Math\.random|getRandomValues|process\.|Buffer\b|console\.|globalThis|setTimeout|setInterval|fetch\()/;
    const broken = core.flatMap(({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, i) =>
          world.test(line) && !/^\s*(?:\*|\/\/|\/\*)/.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [],
        ),
    );
    expect(broken).toEqual([]);
  });
});
