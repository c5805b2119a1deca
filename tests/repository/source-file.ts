import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Import, importsOf } from "./imports-of.ts";

export const repository = resolve(import.meta.dirname, "../..");

/** One file of ours, with its place in the repository. */
export type SourceFile = {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** A test, or what only tests use: may import more than what ships. */
  readonly isTest: boolean;
};

/** `dist-…` is what a build makes beside `dist`: another test may be at that, and it is gone a moment later. */
const skipped = /^(?:node_modules|coverage|dist(?:-.+)?)$/;
const source = /\.(?:ts|tsx|mjs|js)$/;
const testOnly = /(?:\.test|-contract|-under-test)\.tsx?$|\/(?:testing|testdata)\/|^tests\/|^packages\/testkit\//;

/** Every file with code below the folders, in the order of their paths. Folders that start with a dot are not ours. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap(filesBelow)
    .filter((path) => source.test(path))
    .map(readSource);
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true })
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) => {
      if (entry.name.startsWith(".") || skipped.test(entry.name)) return [];
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

export function readText(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

function readSource(path: string): SourceFile {
  const text = readText(path);
  return { path, text, imports: importsOf(text), isTest: testOnly.test(path) };
}
