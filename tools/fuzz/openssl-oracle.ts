import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderPem } from "@tcm/core";
import type { RandomCrls } from "./random-crls.ts";
import type { RandomPki } from "./random-pki.ts";

/** What `openssl verify` says of one client: accepted, or the first error it names. */
export type OracleVerdict = { readonly accepted: boolean; readonly error: number | undefined };

/** First line of `openssl version`; undefined where there is none to ask. */
export function openSslVersion(): string | undefined {
  const { status, stdout } = spawnSync("openssl", ["version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

export type Oracle = {
  readonly ask: (pki: RandomPki) => readonly OracleVerdict[];
  readonly askRevocation: (pki: RandomCrls) => OracleVerdict;
  readonly close: () => void;
};

/** Asks for all clients of a PKI in one call. The directory is made once and removed by `close`. */
export function openOracle(): Oracle {
  const directory = mkdtempSync(join(tmpdir(), "tcm-fuzz-"));
  return {
    ask: (pki) => ask(directory, pki),
    askRevocation: (pki) => askRevocation(directory, pki),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

const noSystemStore = ["-no-CApath", "-no-CAstore"];

function verifyArguments(time: number): readonly string[] {
  return ["verify", "-purpose", "sslclient", "-attime", String(time), ...noSystemStore];
}

function writePem(directory: string, name: string, ders: readonly Uint8Array[], label = "CERTIFICATE"): string {
  const path = join(directory, name);
  writeFileSync(path, ders.map((der) => renderPem(der).replaceAll("CERTIFICATE", label)).join(""));
  return path;
}

function ask(directory: string, { anchors, presented, leaves, time }: RandomPki): readonly OracleVerdict[] {
  const files = leaves.map((leaf, i) => writePem(directory, `leaf-${i}.pem`, [leaf]));
  const store = anchors.length > 0 ? ["-CAfile", writePem(directory, "anchors.pem", anchors)] : ["-no-CAfile"];
  const untrusted = presented.length > 0 ? ["-untrusted", writePem(directory, "presented.pem", presented)] : [];
  const options = [...verifyArguments(time), "-partial_chain", ...store, ...untrusted, ...files];
  const { stdout, stderr } = spawnSync("openssl", options, { encoding: "utf8" });
  return files.map((file) => verdictOf(file, stdout, stderr));
}

/** Every certificate's status has to be known. OpenSSL asks for the root's too, but it never revokes a root here. */
function askRevocation(directory: string, { root, issuing, leaf, crls, time }: RandomCrls): OracleVerdict {
  const file = writePem(directory, "leaf.pem", [leaf]);
  const store = ["-CAfile", writePem(directory, "root.pem", [root])];
  const untrusted = ["-untrusted", writePem(directory, "issuing.pem", [issuing])];
  const lists = crls.length > 0 ? ["-CRLfile", writePem(directory, "lists.pem", crls, "X509 CRL")] : [];
  const options = [...verifyArguments(time), "-crl_check_all", ...store, ...untrusted, ...lists, file];
  const { stdout, stderr } = spawnSync("openssl", options, { encoding: "utf8" });
  return verdictOf(file, stdout, stderr);
}

/** `error 20 at 0 depth lookup: …` is written before the line that names the file. */
function verdictOf(file: string, stdout: string, stderr: string): OracleVerdict {
  if (stdout.includes(`${file}: OK`)) return { accepted: true, error: undefined };
  const before = stderr.slice(0, Math.max(0, stderr.indexOf(`error ${file}:`)));
  const error = [...before.matchAll(/^error (\d+) at \d+ depth lookup/gm)].at(-1)?.[1];
  return { accepted: false, error: error === undefined ? undefined : Number(error) };
}
