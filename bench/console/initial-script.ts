import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { consoleDirectory } from "@tcm/console";

const assets = join(fileURLToPath(consoleDirectory), "assets");

/** Scripts that the one page of the console names: fetched before any of them has run. */
export function initialScripts(): readonly string[] {
  const page = readFileSync(new URL("index.html", consoleDirectory), "utf8");
  return readdirSync(assets).filter((name) => name.endsWith(".js") && page.includes(name));
}

/** As they go over the wire to who takes gzip; the build has compressed them. */
export function gzipKilobytes(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + statSync(join(assets, `${name}.gz`)).size, 0) / 1_000;
}

type Part = { readonly file: string; readonly imports?: readonly string[] };

/** By source file of each page that is fetched when it is first opened: all that has to be there to show it. */
export function pageScripts(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL("assets.json", consoleDirectory), "utf8");
  const parts = JSON.parse(text) as Readonly<Record<string, Part>>;
  const pages = Object.keys(parts).filter((name) => name.endsWith("-page.tsx"));
  const nameOf = (file: string): string => file.slice(file.lastIndexOf("/") + 1);
  return new Map(
    pages.map((page) => [
      page,
      [...needed(parts, ["index.html", page])].map((name) => nameOf(parts[name]?.file ?? "")),
    ]),
  );
}

function needed(parts: Readonly<Record<string, Part>>, names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names);
  // What is added while it goes on is visited too.
  for (const name of found) for (const other of parts[name]?.imports ?? []) found.add(other);
  return found;
}
