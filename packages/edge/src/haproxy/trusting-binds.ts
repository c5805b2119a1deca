import { join } from "node:path";
import { type HaproxyConfiguration, type HaproxyLine, haproxyLines, wordsOf } from "./configuration-lines.ts";

/** What verifies clients at some addresses: a `bind`, or what a line of a crt-list, or `ssl-f-use`, makes of it for some names. */
export type TrustingBind = {
  readonly line: HaproxyLine;
  /** The crt-list whose line it is. */
  readonly crtList: string | undefined;
  readonly addresses: readonly string[];
  /** Each with its value, or with nothing; the last one counts, and that of a list before that of the bind. */
  readonly options: ReadonlyMap<string, string>;
  /** Certificates by which clients are verified, by their paths as HAProxy knows them. */
  readonly trusted: readonly string[];
};

/** Options with a value that says what is trusted, or how. */
const valued = ["ca-file", "ca-verify-file", "verify", "ca-ignore-err", "crt-ignore-err", "alpn", "crt-list", "crt"];

const sections = ["global", "defaults", "frontend", "listen", "backend", "peers", "program", "ring", "log-forward"];

/** Every bind that trusts a file, as the configuration and its crt-lists have it. Pure. */
export function trustingBinds(configuration: HaproxyConfiguration): readonly TrustingBind[] {
  const lines = haproxyLines(configuration);
  const caBase = lines.findLast(({ words }) => words[0] === "ca-base")?.words[1];
  return bySection(lines).flatMap((section) => {
    const uses = section.filter(({ words }) => words[0] === "ssl-f-use").map(({ words }) => words.slice(1));
    return section
      .filter(({ words }) => words[0] === "bind")
      .flatMap((line) => variantsOf(line, uses, configuration))
      .map((bind) => ({ ...bind, trusted: trustedBy(bind.options, caBase) }))
      .filter(({ trusted }) => trusted.length > 0);
  });
}

/** Names of the crt-lists that binds go by. */
export function crtListNames(configuration: HaproxyConfiguration): readonly string[] {
  const binds = haproxyLines(configuration).filter(({ words }) => words[0] === "bind");
  return [...new Set(binds.flatMap(({ words }) => optionsOf(words.slice(2)).get("crt-list") ?? []))];
}

function bySection(lines: readonly HaproxyLine[]): readonly (readonly HaproxyLine[])[] {
  const found: HaproxyLine[][] = [[]];
  for (const line of lines) {
    if (sections.includes(line.words[0] ?? "")) found.push([]);
    found.at(-1)?.push(line);
  }
  return found;
}

function variantsOf(
  line: HaproxyLine,
  uses: readonly (readonly string[])[],
  { crtLists }: HaproxyConfiguration,
): readonly Omit<TrustingBind, "trusted">[] {
  const [, addresses = "", ...words] = line.words;
  const options = optionsOf(words);
  const bind = { line, crtList: undefined, addresses: addresses.split(","), options };
  const list = options.get("crt-list");
  const listed = list === undefined ? [] : (crtLists?.get(list)?.split("\n") ?? []).flatMap(optionsOfListed);
  return [
    bind,
    ...listed.map((own) => ({ ...bind, crtList: list, options: new Map([...options, ...own]) })),
    ...uses.map((own) => ({ ...bind, options: new Map([...options, ...optionsOf(own)]) })),
  ];
}

/** `cert.pem [options] names`; a line without options is as the bind. */
function optionsOfListed(text: string): readonly ReadonlyMap<string, string>[] {
  const [, written] = /^[^#[]*\[([^\]]*)\]/.exec(text.trim()) ?? [];
  return written === undefined ? [] : [optionsOf(wordsOf(written))];
}

function optionsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [i, word] of words.entries()) {
    if (valued.includes(words[i - 1] ?? "")) continue;
    options.set(word, valued.includes(word) ? (words[i + 1] ?? "") : "");
  }
  return options;
}

function trustedBy(options: ReadonlyMap<string, string>, caBase: string | undefined): readonly string[] {
  const named = ["ca-file", "ca-verify-file"].flatMap((name) => options.get(name) ?? []);
  return named.map((path) => (caBase === undefined || /^[/@]/.test(path) ? path : join(caBase, path)));
}
