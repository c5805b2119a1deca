import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { commandFault, findCommand, pathOf } from "./testing/command-fault.ts";
import {
  commandsInMarkdown,
  commandsInShell,
  commandsInSource,
  type WrittenCommand,
} from "./testing/commands-in-text.ts";
import { commandPaths, quietProgram } from "./testing/quiet-program.ts";

const repository = join(import.meta.dirname, "../../..");
const program = quietProgram();

function faultsOf(path: string, read: (text: string) => readonly WrittenCommand[]): readonly string[] {
  return read(readFileSync(join(repository, path), "utf8")).flatMap((command) => {
    const fault = commandFault(program, command);
    return fault === undefined ? [] : [`${path}:${command.line} tcm ${command.words.join(" ")}: ${fault}`];
  });
}

/** Without what is built or installed: another test may be building, and its folder is gone a moment later. */
function filesBelow(folder: string, ending: RegExp): readonly string[] {
  const isOurs = (path: string) => !/(^|\/)(node_modules|dist(?:-[^/]+)?|testing)(\/|$)|\.test\.tsx?$/.test(path);
  return globSync(`${folder}/**`, { cwd: repository, exclude: (path) => !isOurs(path) }).filter((path) =>
    ending.test(path),
  );
}

const pages = ["README.md", "CHANGELOG.md", "ARCHITECTURE.md", ...filesBelow("docs", /\.md$/)];
const sources = ["apps", "packages"].flatMap((folder) => filesBelow(folder, /\.tsx?$/));

describe("a command that is written somewhere exists, with its options", () => {
  test("in the documentation", () => {
    const found = pages.flatMap((page) => commandsInMarkdown(readFileSync(join(repository, page), "utf8")));
    expect(found.length).toBeGreaterThan(150);
    expect(pages.flatMap((page) => faultsOf(page, commandsInMarkdown))).toEqual([]);
  });

  test("in what the programs say", () => {
    const found = sources.flatMap((file) => commandsInSource(readFileSync(join(repository, file), "utf8")));
    expect(found.length).toBeGreaterThan(20);
    expect(sources.flatMap((file) => faultsOf(file, commandsInSource))).toEqual([]);
  });

  test("in the examples of the help", () => {
    const examples = commandPaths(program).flatMap(examplesOf);
    expect(examples.length).toBeGreaterThan(40);
    const faults = examples.map((words) => commandFault(program, { words, needs: "everything", line: 0 }));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });
});

function examplesOf(path: readonly string[]): readonly (readonly string[])[] {
  let help = "";
  const command = path.reduce<Command | undefined>(
    (parent, word) => parent?.commands.find((one) => one.name() === word),
    quietProgram((text) => (help += text)),
  );
  command?.outputHelp();
  const [, examples = ""] = help.split(/^Examples?\b.*:$/m);
  return examples.split("\n").flatMap(commandsInShell);
}

describe("the table of commands in docs/guide/cli.md", () => {
  const rows = readFileSync(join(repository, "docs/guide/cli.md"), "utf8")
    .split("\n")
    .flatMap((line) => /^\| (`.*?[^\\]) \| /.exec(line)?.[1] ?? []);
  const written = rows.flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = ""]) => code));
  const commands = written.flatMap((code) => alternativesOf(code.replaceAll("\\|", "|").split(" ")));

  test.each(leavesOf(program))("has %s", (path) => {
    expect(commands.filter((words) => commandAt(words) === path)).not.toEqual([]);
  });

  test("has none that does not exist, nor options of another", () => {
    const faults = commands.map((words) => commandFault(program, { words, needs: "nothing", line: 0 }));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });
});

/** `sets show|create NAME` as `sets show NAME` and `sets create NAME`. */
function alternativesOf([name = "", next, ...rest]: readonly string[]): readonly (readonly string[])[] {
  return next === undefined ? [[name]] : next.split("|").map((word) => [name, word, ...rest]);
}

function leavesOf(parent: Command): readonly string[] {
  const paths = commandPaths(parent).map((words) => words.join(" "));
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path} `)));
}

function commandAt(words: readonly string[]): string {
  const { command } = findCommand(program, words);
  return pathOf(command).slice(1).join(" ");
}

describe("what is looked for in a text", () => {
  test.each<[string, readonly string[]]>([
    ["export T=$(npx tcm token create --role admin)", ["token create --role admin"]],
    ["A=1 tcm demo && tcm status  # tcm nothing", ["demo", "status"]],
    ["nginx -T | tcm edge lint --engine nginx - > out", ["edge lint --engine nginx -"]],
    ["$ tcm audit list --by 'ada l'", ["audit list --by ada l"]],
    ["tcm-agent enrol", []],
    ["the tcm command", []],
  ])("in %s", (line, expected) => {
    expect(commandsInShell(line).map((words) => words.join(" "))).toEqual(expected);
  });

  test.each<[string, string | undefined]>([
    ["deploy partners@2 --network staging --wait", undefined],
    ["rollback NAME --network N [--to V] [--wait]", undefined],
    ["nodes", undefined],
    ["deplyo", 'there is no command "tcm deplyo"'],
    ["nodes shwo edge-1", 'there is no command "tcm nodes shwo"'],
    ["deploy partners --netwrk staging", '"tcm deploy" has no option --netwrk'],
    ["deploy partners --network prod", "--network does not take prod"],
    ["deploy partners --network", "--network needs a value"],
    ["rollback partners", "--network is missing"],
    ["exclude partners --network staging", "node is missing"],
    ["cancel partners edge-1 --network staging", "edge-1 is one argument too many"],
  ])("a fault of %s", (text, fault) => {
    expect(commandFault(program, { words: text.split(" "), needs: "everything", line: 1 })).toBe(fault);
  });

  test.each<[string, string | undefined]>([
    ["rollback", undefined],
    ["edge token --node", undefined],
    ["edge token --nod", '"tcm edge token" has no option --nod'],
    ["edge token --node edge-1", "--network is missing"],
  ])("in a message, where arguments may be missing, a fault of %s", (text, fault) => {
    expect(commandFault(program, { words: text.split(" "), needs: "options", line: 1 })).toBe(fault);
  });

  test.each<[string, string | undefined]>([
    ["edge token --node edge-1", undefined],
    ["edge token --nod edge-1", '"tcm edge token" has no option --nod'],
  ])("in a sentence, where options may be missing too, a fault of %s", (text, fault) => {
    expect(commandFault(program, { words: text.split(" "), needs: "nothing", line: 1 })).toBe(fault);
  });
});
