import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "./case.ts";
import { type ChainErrorCase, chainErrorSuite } from "./chain-error-suite.ts";
import { type LimboCase, type LimboClassification, limboSuite } from "./limbo-suite.ts";
import { type Pkits, pkitsSuite } from "./pkits-suite.ts";

export type FoundSuites = { readonly suites: readonly Suite[]; readonly missing: readonly string[] };

/** Every suite whose file is in the folder. The files may hold any cases of their shape. */
export function findSuites(folder: string): FoundSuites {
  const suites: Suite[] = [];
  const missing: string[] = [];
  const classification = (read(folder, "limbo-client-classification.json") ?? {}) as LimboClassification;
  for (const [file, make] of Object.entries(readers)) {
    const content = read(folder, file);
    if (content === undefined) missing.push(file);
    else suites.push(...make(content, classification));
  }
  return { suites, missing };
}

function read(folder: string, file: string): unknown {
  const path = join(folder, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

type Reader = (content: unknown, classification: LimboClassification) => readonly Suite[];

const readers: Readonly<Record<string, Reader>> = {
  "limbo-core.json": limbo("limbo core"),
  "limbo-path-building.json": limbo("limbo path building"),
  "limbo-name-constraints.json": limbo("limbo name constraints"),
  "pkits.json": (content) => [pkitsSuite(content as Pkits)],
  "chain-errors.json": (content) => [chainErrorSuite(content as readonly ChainErrorCase[])],
};

function limbo(name: string): Reader {
  return (content, classification) => {
    const { testcases } = content as { readonly testcases: readonly LimboCase[] };
    return (["strict", "compat"] as const).map((profile) => limboSuite(name, testcases, classification, profile));
  };
}
