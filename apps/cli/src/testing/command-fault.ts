import type { Argument, Command, Option } from "commander";
import type { WrittenCommand } from "./commands-in-text.ts";

/** What the command line would not understand of a command that is written somewhere. Undefined: nothing. */
export function commandFault(program: Command, { words, needs }: WrittenCommand): string | undefined {
  const { command, rest } = findCommand(program, words);
  // "`tcm edge token --node` takes a name" speaks of the option.
  const isNamed = needs !== "everything" && rest.at(-1)?.startsWith("--") === true;
  const given = readWords(command, isNamed ? [...rest, "…"] : rest);
  if (typeof given === "string") return given;
  const { options, values } = given;
  const [unknown] = values;
  if (command.commands.length > 0 && unknown !== undefined && !isPlaceholder(unknown))
    return `there is no command "${[...pathOf(command), unknown].join(" ")}"`;
  if (needs === "everything" || (needs === "options" && options.size > 0 && !isNamed)) {
    const missing = command.options.find((option) => option.mandatory && !options.has(option));
    if (missing !== undefined) return `${missing.long} is missing`;
  }
  return needs === "everything" ? countFault(command.registeredArguments, values) : undefined;
}

type Given = { readonly options: ReadonlySet<Option>; readonly values: readonly string[] };

/** The command that the first words name, and the words after them. */
export function findCommand(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = program;
  let taken = 0;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
    taken++;
  }
  return { command: runnable(command, words.length > taken), rest: words.slice(taken) };
}

/** `tcm nodes` is `tcm nodes list`, with its options. */
function runnable(command: Command, hasMore: boolean): Command {
  return hasMore ? command : (command.commands.find((one) => one.name() === "list") ?? command);
}

function readWords(command: Command, words: readonly string[]): Given | string {
  const options = new Set<Option>();
  const values: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [word = "", inline] = (words[i] ?? "").replaceAll(/^\[|\]$/g, "").split(/=(.*)/s);
    if (!word.startsWith("-") || word === "-") {
      values.push(words[i] ?? "");
      continue;
    }
    if (word === "--help") continue;
    const option = command.options.find((one) => one.long === word || one.short === word);
    if (option === undefined) return `"${pathOf(command).join(" ")}" has no option ${word}`;
    options.add(option);
    const value = option.required && inline === undefined ? words[++i] : inline;
    if (option.required && value === undefined) return `${word} needs a value`;
    if (value !== undefined && option.argChoices !== undefined && !isPlaceholder(value) && !isChoice(option, value))
      return `${word} does not take ${value}`;
  }
  return { options, values };
}

/** `N`, `NAME`, `DIR/x`, `…`, `<id>`, `staging|production`: a person puts something else there. */
function isPlaceholder(word: string): boolean {
  return /^[[<]?[A-Z]+\b|…|\||^COMMAND$/.test(word);
}

function isChoice({ argChoices = [] }: Option, value: string): boolean {
  return argChoices.includes(value.replaceAll(/[\]]/g, ""));
}

function countFault(wanted: readonly Argument[], values: readonly string[]): string | undefined {
  const least = wanted.filter(({ required }) => required).length;
  if (values.length < least) return `${wanted[values.length]?.name()} is missing`;
  const isOpen = wanted.at(-1)?.variadic === true;
  return values.length > wanted.length && !isOpen ? `${values[wanted.length]} is one argument too many` : undefined;
}

export function pathOf(command: Command): readonly string[] {
  return command.parent === null ? ["tcm"] : [...pathOf(command.parent), command.name()];
}
