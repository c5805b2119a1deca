import { describe, expect, test } from "vitest";
import { didYouMean, nearestName } from "./nearest-name.ts";

const names = ["port", "nodePort", "host", "tlsCert", "tlsKey"];

describe("the name that was meant", () => {
  test.each([
    ["prot", "port"],
    ["pot", "port"],
    ["ports", "port"],
    ["node_port", "nodePort"],
    ["TCM_NODE_PORT", "nodePort"],
    ["--tls-crt", "tlsCert"],
    ["--no-host", "host"],
  ])("%s is %s", (word, name) => {
    expect(nearestName(word, names)).toBe(name);
  });

  test.each(["", "database", "p", "x".repeat(10_000)])("%j is near none", (word) => {
    expect(didYouMean(word, names)).toBe("");
  });

  test("of two that are as near, the first is named", () => {
    expect(nearestName("bat", ["cat", "hat"])).toBe("cat");
  });
});
