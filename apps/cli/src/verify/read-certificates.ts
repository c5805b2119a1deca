import type { Readable } from "node:stream";
import {
  type Certificate,
  escapeText,
  formatPlace,
  parseCertificate,
  splitFiles,
  type SubmittedCertificate,
  type TextFile,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { readInput } from "../check/read-input.ts";
import { refuseLocally } from "../check/refuse-locally.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

/** Certificates beside the text that each came in, and all of it as one. */
export type ReadCertificates = {
  readonly certificates: readonly Certificate[];
  readonly entries: readonly SubmittedCertificate[];
  readonly pem: string;
};

/** Every certificate of a PEM file. Throws a usage failure that names the line of a private key, or of what cannot be read. */
export async function readCertificateFile(name: string, stdin: Readable): Promise<ReadCertificates> {
  return parseCertificates(await readInput([name], stdin));
}

export function parseCertificates(files: readonly TextFile[]): ReadCertificates {
  const split = splitFiles(files);
  refuseLocally(split);
  const certificates = split.places.flatMap((place, i) => {
    const parsed = parseCertificate(split.ders[i] ?? new Uint8Array(), nodeCrypto);
    if (parsed.ok) return [parsed.certificate];
    const { code, offset, expected } = parsed.problem;
    const words = `${formatPlace(place)} is malformed: ${code} at byte ${offset}, expected ${expected}.`;
    throw new CommandFailure(exitCode.usage, escapeText(words));
  });
  return {
    certificates,
    entries: split.entries,
    pem: split.entries.map(({ certificatePem }) => `${certificatePem}\n`).join(""),
  };
}
