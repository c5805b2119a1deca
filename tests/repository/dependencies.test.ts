import { describe, expect, test } from "vitest";
import { filesBelow, readText, sourceFiles } from "./source-file.ts";

type Manifest = Readonly<Record<"dependencies" | "devDependencies" | "optionalDependencies", Record<string, string>>>;

const own = ["packages", "apps"]
  .flatMap(filesBelow)
  .filter((path) => path.split("/").length === 3 && path.endsWith("/package.json"));

const dependencies = ["package.json", ...own].flatMap((path) => {
  const manifest = JSON.parse(readText(path)) as Partial<Manifest>;
  const { dependencies: needed = {}, devDependencies = {}, optionalDependencies = {} } = manifest;
  return Object.entries({ ...needed, ...devDependencies, ...optionalDependencies }).map(([name, version]) => ({
    path,
    name,
    version,
  }));
});
const foreign = dependencies.filter(({ name }) => !name.startsWith("@tcm/"));

const decisions = filesBelow("docs/decisions").map(readText).join("\n");
/** What may go to users together with Apache-2.0 when its notice goes along. */
const permissive = /^(?:Apache-2\.0|MIT|ISC|0BSD|BSD-[23]-Clause|BlueOak-1\.0\.0|Unlicense|MIT OR Apache-2\.0)$/;
/** Of programs that only tests and builds run, and that are handed to nobody. */
const inDevelopment = /^MPL-2\.0$/;

type Locked = { readonly license?: string; readonly dev?: boolean; readonly hasInstallScript?: boolean };

const lock = JSON.parse(readText("package-lock.json")) as { readonly packages: Readonly<Record<string, Locked>> };
/** What comes from elsewhere: without the links to packages of ours. */
const locked = Object.entries(lock.packages).filter(([path]) => /node_modules\/(?!@tcm\/)/.test(path));

const mayBeUsed = ({ license = "", dev }: Locked): boolean =>
  permissive.test(license) || (dev === true && inDevelopment.test(license));

describe("a dependency is a decision", () => {
  test.each(foreign)("$path: $name is at one version", ({ version }) => expect(version).toMatch(/^\d+\.\d+\.\d+$/));

  test("each is named in one", () => {
    const names = new Set(foreign.map(({ name }) => name).filter((name) => !name.startsWith("@types/")));
    expect([...names].filter((name) => !decisions.includes(name))).toEqual([]);
  });

  test("a package has one version wherever it is used", () => {
    const versions = Map.groupBy(foreign, ({ name }) => name);
    const several = [...versions].filter(([, uses]) => new Set(uses.map(({ version }) => version)).size > 1);
    expect(several.map(([name]) => name)).toEqual([]);
  });

  test("each package of ours has one version and one licence, and is published nowhere", () => {
    const said = ["package.json", ...own].map((path) => {
      const { version, license, private: isPrivate, type } = JSON.parse(readText(path)) as Record<string, unknown>;
      return JSON.stringify({ version, license, isPrivate, type });
    });
    expect([...new Set(said)]).toHaveLength(1);
    expect(said[0]).toContain('"license":"Apache-2.0","isPrivate":true');
  });

  test("the Node that is asked for is the one that comes along", () => {
    const { engines, optionalDependencies } = JSON.parse(readText("package.json"));
    expect(new Set(Object.values(optionalDependencies)).size).toBe(1);
    expect(`>=${String(Object.values(optionalDependencies)[0]).split(".")[0]}`).toBe(engines.node);
  });

  test("none that is installed runs a script when it is installed", () => {
    expect(locked.length).toBeGreaterThan(200);
    expect(locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual([]);
  });

  test("each that is installed has a licence that ours can live with", () => {
    const others = locked.filter(([, one]) => !mayBeUsed(one));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  test("what benchmarks, tests and tools import is declared by the root", () => {
    const declared = new Set(dependencies.filter(({ path }) => path === "package.json").map(({ name }) => name));
    const undeclared = sourceFiles("bench", "tests", "tools").flatMap(({ path, imports }) =>
      imports
        .map(({ specifier }) => /^(?:@[^/]+\/)?[^./@][^/]*/.exec(specifier)?.[0] ?? "")
        .filter((name) => name !== "" && !name.startsWith("node:") && !name.startsWith("@tcm/") && !declared.has(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(undeclared).toEqual([]);
  });
});
