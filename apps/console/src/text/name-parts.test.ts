import { describe, expect, test } from "vitest";
import { nameParts } from "./name-parts.ts";

describe("where a long name breaks", () => {
  test.each([
    ["edge-7", ["edge-7"]],
    ["api.partners.example", ["api.", "partners.", "example"]],
    ["127.0.0.1:22267", ["127.", "0.", "0.", "1:", "22267"]],
    ["[2001:db8::1]:443", ["[2001:", "db8::", "1]:", "443"]],
    ["ann_b@partners.example", ["ann_", "b@", "partners.", "example"]],
    ["...", ["..."]],
    ["", []],
  ])("%s", (name, parts) => {
    expect(nameParts(name)).toEqual(parts);
  });

  test("leaves nothing out, whatever the name", () => {
    for (const name of [".a", "a.", "a..b", "-", "ünï.cöde/x"]) expect(nameParts(name).join("")).toBe(name);
  });
});
