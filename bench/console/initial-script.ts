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
