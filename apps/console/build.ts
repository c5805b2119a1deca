import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

/**
 * Builds the console into `dist`, unless what is there was made from what is here. Takes a few seconds; the server sends what was
 * compressed here.
 */
const here = import.meta.dirname;
const dist = join(here, "dist");
const finished = join(dist, ".built");

const sources = [
  ...["src", "public", "index.html", "vite.config.ts", "leave-out.ts", "third-party.ts", "package.json"].map((name) =>
    join(here, name),
  ),
  ...["core", "api-contract"].map((name) => join(here, "../../packages", name, "src")),
  join(here, "../../package-lock.json"),
];

if (isStale()) await build();

function isStale(): boolean {
  const builtMs = statSync(finished, { throwIfNoEntry: false })?.mtimeMs;
  return builtMs === undefined || sources.flatMap(filesOf).some((file) => statSync(file).mtimeMs > builtMs);
}

/** Beside it first: who starts at the same moment, or is cut off, finds the old one or the new one and no half of either. */
async function build(): Promise<void> {
  process.stdout.write("building the console\n");
  const begunAt = new Date();
  const outDir = `${dist}-${process.pid}`;
  // A test runner has another idea of it, and React would be its slow self.
  process.env["NODE_ENV"] = "production";
  const vite = await import("vite");
  await vite.build({ root: here, configFile: join(here, "vite.config.ts"), logLevel: "warn", build: { outDir } });
  for (const file of filesOf(outDir).filter((path) => /\.(?:js|css|html|svg|txt)$/.test(path))) compress(file);
  const stamp = join(outDir, ".built");
  writeFileSync(stamp, "");
  // What is saved while it is built may have been read before that: it is newer than this.
  utimesSync(stamp, begunAt, begunAt);
  // Who began at the same moment may be done, and its server be running: what that sends is not taken away from under it.
  if (isStale()) putInPlace(outDir);
  rmSync(outDir, { recursive: true, force: true });
}

/** Nothing is there for no longer than between two renames; of two that do this at once, one puts its own there. */
function putInPlace(outDir: string): void {
  const before = `${outDir}-before`;
  try {
    renameSync(dist, before);
  } catch {
    // None is there, or somebody else has just moved it away.
  }
  try {
    renameSync(outDir, dist);
  } catch (error) {
    if (isStale()) throw error;
  }
  rmSync(before, { recursive: true, force: true });
}

function compress(file: string): void {
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(content));
}

function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
