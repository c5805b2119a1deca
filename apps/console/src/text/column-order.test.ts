import { expect, test } from "vitest";
import { inOrder } from "./column-order.ts";

const rows = [
  { name: "b", size: 1 },
  { name: "a", size: 2 },
  { name: "c", size: 1 },
];
const comparisons = {
  name: (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name),
  size: (a: { size: number }, b: { size: number }) => a.size - b.size,
};

test.each([
  [{ by: "name", direction: "asc" }, "abc"],
  [{ by: "name", direction: "desc" }, "cba"],
  [{ by: "size", direction: "asc" }, "bca"],
  [{ by: "size", direction: "desc" }, "abc"],
] as const)("rows by %j are %s, and equal ones stay as they came", (order, names) => {
  expect(
    inOrder(rows, order, comparisons)
      .map(({ name }) => name)
      .join(""),
  ).toBe(names);
});
