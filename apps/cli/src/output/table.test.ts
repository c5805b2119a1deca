import { describe, expect, test } from "vitest";
import { renderTable } from "./table.ts";

type Row = { readonly name: string; readonly number: number };
const columns = [
  { title: "NAME", value: ({ name }: Row) => name },
  { title: "NO", value: ({ number }: Row) => String(number), align: "right" as const },
];

describe("a table", () => {
  test("lines its columns up and leaves no space at the end", () => {
    const rows = [
      { name: "a", number: 1 },
      { name: "long name", number: 123 },
    ];
    expect(renderTable(rows, columns, "none")).toBe("NAME        NO\na            1\nlong name  123\n");
  });

  test("escapes every cell", () => {
    expect(renderTable([{ name: "a\u001b[2J\nb", number: 1 }], columns, "none")).toContain("a\\x1b[2J\\x0ab");
  });

  test("says what there would be when there is nothing", () => {
    expect(renderTable([], columns, "No rows.")).toBe("No rows.\n");
  });
});
