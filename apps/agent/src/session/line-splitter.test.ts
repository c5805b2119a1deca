import { array, assert, nat, property, stringMatching } from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter } from "./line-splitter.ts";

const bytes = (text: string) => Buffer.from(text);
const text = (lines: readonly Uint8Array[] | undefined) => lines?.map((line) => Buffer.from(line).toString("utf8"));

describe("a stream of bytes is cut into lines", () => {
  test("however it is cut into chunks", () => {
    assert(
      property(array(stringMatching(/^[a-zü]{0,20}$/)), array(nat(200)), (lines, cuts) => {
        const all = bytes(lines.map((line) => `${line}\n`).join(""));
        const splitter = new LineSplitter(100);
        const at = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
        const found = at.slice(1).flatMap((end, i) => text(splitter.push(all.subarray(at[i], end))) ?? ["too long"]);
        expect(found).toEqual(lines);
      }),
    );
  });

  test("a line of exactly the limit passes, one byte more does not, in one chunk or in many", () => {
    expect(text(new LineSplitter(4).push(bytes("1234\n")))).toEqual(["1234"]);
    expect(new LineSplitter(4).push(bytes("12345\n"))).toBeUndefined();
    const splitter = new LineSplitter(4);
    expect(splitter.push(bytes("1234"))).toEqual([]);
    expect(splitter.push(bytes("5"))).toBeUndefined();
  });
});
