import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { CommandFailure } from "../command-failure.ts";
import { addOneNodeFirst, strategyOf } from "./one-node-first.ts";

describe("a deployment goes to all nodes at once unless one is to go first", () => {
  test("nothing is added to the request where nothing was asked for", () => {
    expect(strategyOf({})).toEqual({});
  });

  test.each([
    [{ oneNodeFirst: true }, { strategy: "ONE_NODE_FIRST" }],
    [
      { oneNodeFirst: true, observe: 0, maxRefused: 5 },
      { strategy: "ONE_NODE_FIRST", observationSeconds: 0, maxRefusedClients: 5 },
    ],
  ] as const)("%j", (options, request) => expect(strategyOf(options)).toEqual(request));

  test.each([{ observe: 5 }, { maxRefused: 5 }])("%j alone is a mistake", (options) => {
    expect(() => strategyOf(options)).toThrow(CommandFailure);
  });

  const parse = (...words: readonly string[]) =>
    addOneNodeFirst(new Command())
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parse(words, { from: "user" })
      .opts();

  test("its numbers go up to what the server takes", () => {
    expect(parse("--observe", "3600", "--max-refused", "10000")).toEqual({ observe: 3_600, maxRefused: 10_000 });
  });

  test.each([
    ["--observe", "3601", /from 0 to 3,600/],
    ["--max-refused", "10001", /from 0 to 10,000/],
    ["--max-refused", "-1", /from 0 to 10,000/],
    ["--max-refused", "few", /from 0 to 10,000/],
  ] as const)("%s %s is a mistake", (option, value, sentence) => {
    expect(() => parse(option, value)).toThrow(sentence);
  });
});
