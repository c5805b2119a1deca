/** One file that HAProxy was started with. */
export type ConfigurationFile = { readonly name: string; readonly text: string };

/** What one HAProxy goes by, as far as it is known. */
export type HaproxyConfiguration = {
  /** In the order in which it reads them. */
  readonly files: readonly ConfigurationFile[];
  /** By their names in the files; undefined where nobody could ask for them. */
  readonly crtLists?: ReadonlyMap<string, string> | undefined;
  /** Of the process; undefined where nobody could ask for it. */
  readonly environment?: ReadonlyMap<string, string> | undefined;
};

export type HaproxyLine = {
  /** Of the second file and those after it. */
  readonly file: string | undefined;
  /** From 1. */
  readonly number: number;
  /** Without comment and surrounding space, variables replaced. */
  readonly text: string;
  /** As HAProxy takes them apart (its manual, 2.2): quotes and escapes taken off. */
  readonly words: readonly string[];
  /** Between `.if` and `.endif`: whether it counts is not known here. */
  readonly isConditional: boolean;
};

/** Every line with something on it. */
export function haproxyLines({ files, environment }: HaproxyConfiguration): readonly HaproxyLine[] {
  return files.flatMap(({ name, text }, position) => {
    let depth = 0;
    return text.split("\n").flatMap((raw, i): readonly HaproxyLine[] => {
      const written = withVariables(withoutComment(raw), environment);
      if (/^\.if\b/.test(written)) depth += 1;
      if (/^\.endif\b/.test(written)) depth -= 1;
      if (written === "") return [];
      const file = position === 0 ? undefined : name;
      return [{ file, number: i + 1, text: written, words: wordsOf(written), isConditional: depth > 0 }];
    });
  });
}

/** As HAProxy takes a line apart. */
export function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"?|'[^']*'?|\\.|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"?|'([^']*)'?|\\(.)/g, (_, double?: string, single?: string, escaped?: string) =>
      double === undefined ? (single ?? escaped ?? "") : double.replace(/\\(.)/g, "$1"),
    ),
  );
}

function withoutComment(line: string): string {
  const [text = ""] = /^(?:"(?:\\.|[^"\\])*"?|'[^']*'?|\\.|[^#"'\\])*/.exec(line) ?? [];
  return text.trim();
}

/** `${NAME}`, `${NAME-default}` and `$NAME`; what is written in another way, or cannot be known, stays and keeps its `$`. */
function withVariables(text: string, environment: ReadonlyMap<string, string> | undefined): string {
  if (environment === undefined) return text;
  return text.replace(
    /(?<!\\)\$(?:\{(\w+)(?:-([^}]*))?\}|([A-Za-z_]\w*))/g,
    (_, braced?: string, fallback?: string, bare?: string) => environment.get(braced ?? bare ?? "") ?? fallback ?? "",
  );
}
