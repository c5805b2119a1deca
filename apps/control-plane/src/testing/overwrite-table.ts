import { closeSync, openSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * As a disk that lost some of it: the first page of the table, or index, is another one. What is in memory stays. `emptyIndexPage` is sound
 * by itself, of an index that holds nothing.
 */
export function overwriteTable(file: string, name: string, page: (size: number) => Buffer = nonsense): void {
  const database = new DatabaseSync(file, { readOnly: true });
  const read = (sql: string, ...values: readonly string[]): number =>
    Number(Object.values(database.prepare(sql).get(...values) ?? {})[0]);
  const number = read("SELECT rootpage FROM sqlite_schema WHERE name = ?", name);
  const size = read("PRAGMA page_size");
  database.close();
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, page(size), 0, size, (number - 1) * size);
  closeSync(descriptor);
}

function nonsense(size: number): Buffer {
  return Buffer.alloc(size, 0xa5);
}

/** https://sqlite.org/fileformat.html#b_tree_pages: a leaf without cells, whose content begins at its end. */
export function emptyIndexPage(size: number): Buffer {
  const page = Buffer.alloc(size);
  page.writeUInt8(0x0a, 0);
  page.writeUInt16BE(size, 5);
  return page;
}
