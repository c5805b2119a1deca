import { escapeText } from "@tcm/core";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { didYouMean } from "../output/nearest-name.ts";
import { type DesiredDocument, desiredDocument, fieldsOf } from "./desired-schema.ts";

export type Path = readonly (string | number)[];

/** A checked document, and where its parts stand. */
export type ReadDocument = {
  readonly document: DesiredDocument;
  /** `tcm.yaml, line 7` of a part. */
  readonly placeOf: (path: Path) => string;
};

/** 200 sets with 300 files each are less. */
const maxCharacters = 4 * 1024 * 1024;
/** Aliases can make a small text large. */
const maxAliasCount = 100;

/** Everything that is wrong is told at once, with its line. Throws a usage failure. */
export function readDocument(file: string, source: string): ReadDocument {
  if (source.length > maxCharacters) throw refuse([`${file} is larger than ${maxCharacters / 1024 / 1024} MiB.`]);
  const lines = new LineCounter();
  const yaml = parseDocument(source, { lineCounter: lines, stringKeys: true, prettyErrors: false });
  const faults = [...yaml.errors, ...yaml.warnings];
  const placeAt = (offset: number): string => `${file}, line ${lines.linePos(offset).line}`;
  if (faults.length > 0)
    throw refuse(faults.slice(0, maxShown).map(({ pos: [at], message }) => `${placeAt(at)}: ${message}`));
  const parsed = desiredDocument.safeParse(toPlain(file, yaml));
  const placeOf = (path: Path): string => placeAt(offsetOf(yaml, path));
  if (parsed.success) return { document: parsed.data, placeOf };
  throw refuse(parsed.error.issues.slice(0, maxShown).flatMap((issue) => describeIssue(issue, placeOf)));
}

const maxShown = 20;

function toPlain(file: string, yaml: Document): unknown {
  try {
    return yaml.toJS({ maxAliasCount }) as unknown;
  } catch {
    throw refuse([`${file} has more aliases than a person writes.`]);
  }
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, placeOf: (path: Path) => string): readonly string[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys")
    return issue.keys.map(
      (key) =>
        `${placeOf([...path, key])}: "${key}" is no field of ${nameOf(path)}.${didYouMean(key, fieldsOf(path[0]))}`,
    );
  return [`${placeOf(path)}: ${nameOf(path)}: ${issue.message}`];
}

function nameOf(path: Path): string {
  return path.length === 0 ? "the document" : path.join(".");
}

/** Of the key where there is one, else of the value, else of what holds it. */
function offsetOf(yaml: Document, path: Path): number {
  const holder = path.length === 0 ? undefined : yaml.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(holder)) {
    const pair = holder.items.find(({ key }) => isScalar(key) && key.value === last);
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? yaml.contents : yaml.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/** Says everything at once, one line each. */
export function refuse(lines: readonly string[]): CommandFailure {
  const words = [...lines.map((line) => escapeText(line)), "Nothing was changed."];
  return new CommandFailure(exitCode.usage, words.join("\n"));
}
