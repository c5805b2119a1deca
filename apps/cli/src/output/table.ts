import { escapeText } from "@tcm/core";

export type Column<Row> = { readonly title: string; readonly value: (row: Row) => string; readonly align?: "right" };

/**
 * Aligned columns with a header line, or `empty` when there are no rows. Every cell goes through the one escape
 * function, since names come from certificates and from other people.
 */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): string {
  if (rows.length === 0) return `${empty}\n`;
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ value }) => escapeText(value(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => width(line[index] ?? ""))));
  return cells.map((line) => renderLine(line, widths, columns)).join("");
}

function renderLine<Row>(line: readonly string[], widths: readonly number[], columns: readonly Column<Row>[]): string {
  const padded = line.map((cell, index) => {
    const gap = " ".repeat((widths[index] ?? 0) - width(cell));
    return columns[index]?.align === "right" ? gap + cell : cell + gap;
  });
  return `${padded.join("  ").trimEnd()}\n`;
}

function width(text: string): number {
  return Array.from(text).length;
}
