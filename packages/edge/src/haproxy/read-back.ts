import { hash } from "node:crypto";
import { type Certificate, toHex } from "@tcm/core";
import type { TrustFile } from "../trust-files/trust-file.ts";
import type { Ask } from "./ca-file-transaction.ts";
import { readCaFile, type ShownCertificate } from "./read-answers.ts";

export type ReadBack =
  /** `isExact`: every certificate was compared by its fingerprint. */
  { readonly ok: true; readonly isExact: boolean } | { readonly ok: false; readonly problem: string };

/** Compares what HAProxy holds for a file with what it should hold, certificate by certificate. */
export async function readBack(ask: Ask, file: TrustFile): Promise<ReadBack> {
  const shown = readCaFile(await ask(`show ssl ca-file ${file.path}`));
  const problem = `HAProxy holds ${shown.length} certificates for ${file.path}, not the ${file.anchors.length} of the set`;
  const held = new Set(shown.map(keyOf));
  const isWhole = file.anchors.every((anchor) => held.has(sha1Of(anchor)) || held.has(serialOf(anchor)));
  if (shown.length !== file.anchors.length || held.size !== shown.length || !isWhole) return { ok: false, problem };
  return { ok: true, isExact: shown.every(({ sha1 }) => sha1 !== undefined) };
}

function keyOf({ serial, sha1 }: ShownCertificate): string {
  return sha1 ?? `serial ${withoutZeros(serial)}`;
}

/** It tells certificates apart; nothing is trusted for it. */
function sha1Of({ der }: Certificate): string {
  return hash("sha1", der, "hex").toUpperCase();
}

function serialOf({ serialNumber }: Certificate): string {
  return `serial ${withoutZeros(toHex(serialNumber).toUpperCase())}`;
}

function withoutZeros(hex: string): string {
  return hex.replace(/^0+(?=.)/, "");
}
