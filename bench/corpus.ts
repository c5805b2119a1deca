import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";

export type Corpus = { readonly ders: readonly Buffer[]; readonly description: string };

/** CA certificates in real use where the folder of the conformance suites is at hand, otherwise minted ones. */
export function certificateCorpus(): Corpus {
  const folder = process.env["TCM_CONFORMANCE_DIR"] ?? new URL("../../shared/conformance", import.meta.url).pathname;
  const file = join(folder, "realworld-ca-certificates.json");
  if (!existsSync(file)) {
    const ders = mintedAuthorities(100).map(({ der }) => Buffer.from(der));
    return { ders, description: `${ders.length} minted CA certificates (no conformance folder here)` };
  }
  const certificates = JSON.parse(readFileSync(file, "utf8")) as readonly { readonly der: string }[];
  const ders = certificates.map(({ der }) => Buffer.from(der, "base64"));
  return { ders, description: `${ders.length} CA certificates in real use` };
}

/** A root with intermediates below it: what a partner uploads. */
export function mintedAuthorities(count: number) {
  const root = testPki({ now: new Date() }).root("Bench Root");
  return [root, ...Array.from({ length: count - 1 }, (_, i) => root.intermediate(`Bench Issuing ${i}`))];
}
