/** A `tcm` command that a text shows or speaks of. */
export type WrittenCommand = {
  /** Without `tcm`. */
  readonly words: readonly string[];
  /** `everything`: it is typed as it stands. `options`: a message names what to do. `nothing`: "`tcm rollback` goes back". */
  readonly needs: "everything" | "options" | "nothing";
  readonly line: number;
};

/** Commands of a page in Markdown: those of its fenced blocks, and those between backticks. */
export function commandsInMarkdown(text: string): readonly WrittenCommand[] {
  const found: WrittenCommand[] = [];
  let isFenced = false;
  let started: { readonly text: string; readonly line: number } | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trimStart().startsWith("```")) isFenced = !isFenced;
    else if (isFenced) {
      const whole = { text: `${started?.text ?? ""}${line.replace(/\\$/, "")}`, line: started?.line ?? i + 1 };
      started = line.endsWith("\\") ? whole : undefined;
      if (started === undefined)
        found.push(
          ...commandsInShell(whole.text).map((words) => ({ words, needs: "everything" as const, line: whole.line })),
        );
    } else found.push(...commandsBetween(/`([^`]+)`/g, line, { needs: "nothing", line: i + 1 }));
  }
  return found;
}

/** Commands that a program's source has in its messages, between quotes or backticks; what is put in there is `…`. */
export function commandsInSource(text: string): readonly WrittenCommand[] {
  return text.split("\n").flatMap((line, i) =>
    commandsBetween(/["'`>]((?:npx )?tcm [^"'`<]+)["'`<]/g, line.replaceAll(/\$\{[^}]*\}/g, "…"), {
      needs: "options",
      line: i + 1,
    }),
  );
}

function commandsBetween(
  pattern: RegExp,
  text: string,
  about: Omit<WrittenCommand, "words">,
): readonly WrittenCommand[] {
  return Array.from(text.matchAll(pattern), ([, inside = ""]) => commandsInShell(inside))
    .flat()
    .map((words) => ({ words, ...about }));
}

/** The commands of one line for a shell, wherever they stand in it: behind `$(`, `|`, `&&` or variables. */
export function commandsInShell(line: string): readonly (readonly string[])[] {
  return line
    .replace(/(^|\s)#.*$/, "")
    .split(/\$\(|<\(|\)|&&|;|(?<!\\)\|/)
    .flatMap((part) => {
      const words = wordsOf(part.replace(/[<>].*$/, "").replace(/^\s*\$\s/, ""));
      const start = words.findIndex((word) => !/^\w+=/.test(word) && word !== "npx");
      return start >= 0 && words[start] === "tcm" ? [words.slice(start + 1)] : [];
    });
}

/** Words, with quotes taken away and `\|` of a Markdown table turned back. */
function wordsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g), ([word]) =>
    word.replaceAll(/["']/g, "").replaceAll("\\|", "|"),
  );
}
