import { describe, expect, test } from "vitest";
import { readCaNames, writeCaNames } from "./node-protocol.ts";

describe("the entries whose CAs a node names to clients, as a header", () => {
  test.each([
    [[], ""],
    [["ca-set/7"], "ca-set/7"],
    [["ca-set/7", "edge-certificate/3"], "ca-set/7 edge-certificate/3"],
    ["every", "*"],
  ] as const)("%j is %j, and is read again", (names, text) => {
    expect(writeCaNames(names)).toBe(text);
    expect(readCaNames(text)).toEqual(names);
  });

  test("as many as an agent may have listeners are named, and of more it is any", () => {
    const names = Array.from({ length: 1_001 }, (_, i) => `ca-set/${i + 1}`);
    expect(readCaNames(writeCaNames(names.slice(1)))).toHaveLength(1_000);
    expect(writeCaNames(names)).toBe("*");
  });

  test.each([
    undefined,
    ["*"],
    "all",
    "ca-set/1,ca-set/2",
    "ca-set/0",
    "ca-set/1  ca-set/2",
    "../etc",
    "* *",
  ])("%j says nothing", (value) => expect(readCaNames(value)).toBeUndefined());
});
