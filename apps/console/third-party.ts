import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Of which packages a bundle is made: `apps/agent`, `packages/core`, `node_modules/zod`. */
export function packagesOf(repository: string, moduleIds: Iterable<string>): readonly string[] {
  const packages = Array.from(moduleIds).flatMap((id) => packageOf(relative(repository, id)) ?? []);
  return [...new Set(packages)].toSorted();
}

/** A package that lies in another one is one of its own. */
function packageOf(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+|^(?:apps|packages)\/[^/]+/.exec(path)?.[0];
}

/** The licences of what others wrote. */
export function noticesOf(repository: string, packages: readonly string[]): string {
  const foreign = packages.filter((name) => name.includes("node_modules/"));
  return foreign.map((name) => noticeOf(join(repository, name))).join("\n");
}

function noticeOf(directory: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
    readonly license: string;
  };
  const texts = licenceFiles(directory).map(
    (file) => `${relative(directory, file)}\n\n${readFileSync(file, "utf8").trim()}\n`,
  );
  return `${name} ${version} (${license})\n\n${texts.join("\n")}`;
}

/** Those too of what a package itself has taken from others. */
function licenceFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(directory, file).includes("node_modules/"))
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

type Bundle = { readonly getModuleIds: () => Iterable<string>; readonly emitFile: (file: Asset) => void };
type Asset = { readonly type: "asset"; readonly fileName: string; readonly source: string };

/** A plugin that writes the notices beside the bundle: of everything that was read for it, and `more` that no package says of itself. */
export function writeNotices(repository: string, fileName: string, more: string) {
  return {
    name: "third-party-notices",
    generateBundle(this: Bundle): void {
      const notices = noticesOf(repository, packagesOf(repository, this.getModuleIds()));
      this.emitFile({ type: "asset", fileName, source: `${notices}\n${more}` });
    },
  };
}
