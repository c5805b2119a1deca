import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderPem } from "@tcm/core";
import type { RandomPki } from "./random-pki.ts";

/** What `openssl verify` says of one client: accepted, or the first error it names. */
export type OracleVerdict = { readonly accepted: boolean; readonly error: number | undefined };

/** First line of `openssl version`; undefined where there is none to ask. */
export function openSslVersion(): string | undefined {
  const { status, stdout } = spawnSync("openssl", ["version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

export type Oracle = { readonly ask: (pki: RandomPki) => readonly OracleVerdict[]; readonly close: () => void };

/** Asks for all clients of a PKI in one call. The directory is made once and removed by `close`. */
export function openOracle(): Oracle {
  const directory = mkdtempSync(join(tmpdir(), "tcm-fuzz-"));
  return {
    ask: (pki) => ask(directory, pki),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function ask(directory: string, { anchors, presented, leaves, time }: RandomPki): readonly OracleVerdict[] {
  const write = (name: string, ders: readonly Uint8Array[]): string => {
    const path = join(directory, name);
    writeFileSync(path, ders.map(renderPem).join(""));
    return path;
  };
  const files = leaves.map((leaf, i) => write(`leaf-${i}.pem`, [leaf]));
  const options = [
    "verify",
    "-partial_chain",
    "-purpose",
    "sslclient",
    "-attime",
    String(time),
    "-no-CApath",
    "-no-CAstore",
  ];
  const store = anchors.length > 0 ? ["-CAfile", write("anchors.pem", anchors)] : ["-no-CAfile"];
  const untrusted = presented.length > 0 ? ["-untrusted", write("presented.pem", presented)] : [];
  const { stdout, stderr } = spawnSync("openssl", [...options, ...store, ...untrusted, ...files], { encoding: "utf8" });
  return files.map((file) => verdictOf(file, stdout, stderr));
}

/** `error 20 at 0 depth lookup: …` is written before the line that names the file. */
function verdictOf(file: string, stdout: string, stderr: string): OracleVerdict {
  if (stdout.includes(`${file}: OK`)) return { accepted: true, error: undefined };
  const before = stderr.slice(0, Math.max(0, stderr.indexOf(`error ${file}:`)));
  const error = [...before.matchAll(/^error (\d+) at \d+ depth lookup/gm)].at(-1)?.[1];
  return { accepted: false, error: error === undefined ? undefined : Number(error) };
}
