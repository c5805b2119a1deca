/** One directive, with what stands in its braces. */
export type Directive = {
  readonly name: string;
  readonly args: readonly string[];
  /** Of the second file and those after it. */
  readonly file: string | undefined;
  /** From 1, in its file. */
  readonly line: number;
  readonly block: readonly Directive[] | undefined;
};

export type ParsedConfiguration = {
  readonly directives: readonly Directive[];
  /** What `include` named and was not there to be read; none in what `nginx -T` prints. */
  readonly notIncluded: readonly Directive[];
  /** Every brace and every quote has its other one. */
  readonly isWhole: boolean;
};

/** One file, or what `nginx -T` prints: every file under its name, which is put where it is included. Pure. */
export function parseNginx(text: string): ParsedConfiguration {
  const [main = { name: "", text: "" }, ...others] = filesIn(text);
  const parsed = [main, ...others].map((file, i) => ({
    ...file,
    ...parseFile(file.text, i === 0 ? undefined : file.name),
  }));
  const notIncluded: Directive[] = [];
  const directory = main.name.replace(/[^/]*$/, "");
  const include = (directives: readonly Directive[], depth: number): readonly Directive[] =>
    directives.flatMap((directive) => {
      const block = directive.block && include(directive.block, depth);
      if (directive.name !== "include") return [{ ...directive, block }];
      const pattern = directive.args[0] ?? "";
      const isNamed = globPattern(pattern.startsWith("/") ? pattern : directory + pattern);
      const found = parsed.slice(1).filter(({ name }) => isNamed.test(name));
      if (found.length === 0 && !(main.name !== "" && /[*?[]/.test(pattern))) notIncluded.push(directive);
      // nginx itself stops at files that include each other; so does this.
      return depth > 20 ? [] : found.flatMap((file) => include(file.directives, depth + 1));
    });
  const directives = include(parsed[0]?.directives ?? [], 0);
  return { directives, notIncluded, isWhole: parsed.every(({ isWhole }) => isWhole) };
}

function filesIn(text: string): readonly { readonly name: string; readonly text: string }[] {
  const parts = text.replace(/^nginx: .*$/gm, "").split(/^# configuration file (\S.*):$/m);
  if (parts.length === 1) return [{ name: "", text }];
  const names = parts.filter((_, i) => i % 2 === 1);
  return names.map((name, i) => ({ name, text: (parts[2 * i + 2] ?? "").replace(/^\n/, "") }));
}

function globPattern(pattern: string): RegExp {
  const source = pattern.replace(/\[[^\]]*\]|[.+^${}()|\\*?]/g, (sign) => {
    if (sign === "*") return "[^/]*";
    if (sign === "?") return "[^/]";
    return sign.startsWith("[") ? sign.replace(/^\[!/, "[^") : `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}

type Token = { readonly text: string; readonly isSign: boolean; readonly line: number };

/** As nginx takes it apart: words, quoted or not, `;` and braces; a brace after `$` belongs to its word. */
const tokenPattern =
  /#[^\n]*|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[;{}]|(?:\$\{|\\[^]|[^\s;{"'\\])(?:\$\{|\\[^]|[^\s;{\\])*|["'\\]|\s+/g;

function parseFile(text: string, file: string | undefined): Pick<ParsedConfiguration, "directives" | "isWhole"> {
  const open: { directives: Directive[]; begun: Omit<Directive, "block"> | undefined }[] = [
    { directives: [], begun: undefined },
  ];
  let words: Token[] = [];
  let isWhole = true;
  const take = (): Omit<Directive, "block"> => {
    const [name, ...args] = words;
    words = [];
    return { name: name?.text ?? "", args: args.map((word) => word.text), file, line: name?.line ?? 0 };
  };
  for (const token of tokensOf(text)) {
    const top = open.at(-1);
    if (!token.isSign) words.push(token);
    else if (token.text === ";") top?.directives.push({ ...take(), block: undefined });
    else if (token.text === "{") open.push({ directives: [], begun: take() });
    else if (open.length > 1 && words.length === 0) {
      open.pop();
      if (top?.begun !== undefined) open.at(-1)?.directives.push({ ...top.begun, block: top.directives });
    } else isWhole = false;
  }
  return { directives: open[0]?.directives ?? [], isWhole: isWhole && open.length === 1 && words.length === 0 };
}

function* tokensOf(text: string): Generator<Token> {
  let line = 1;
  for (const [found] of text.matchAll(tokenPattern)) {
    if (/^[;{}]$/.test(found)) yield { text: found, isSign: true, line };
    else if (!/^(?:#|\s)/.test(found)) yield { text: unquoted(found), isSign: false, line };
    line += found.split("\n").length - 1;
  }
}

function unquoted(word: string): string {
  return /^(["'])[^]*\1$/.test(word) && word.length > 1 ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word;
}
