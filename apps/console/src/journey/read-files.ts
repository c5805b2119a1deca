import { findPrivateKey, renderPem, splitFiles } from "@tcm/core";
import type { FoundCertificate } from "./draft.ts";
import type { NotRead } from "./folder-walk.ts";
import { readCertificate } from "./read-certificate.ts";
import { isPrivateKey, pastedName, type Refused } from "./refused-text.ts";

/** The server reads no more in one request, and 300 certificates are far smaller. */
export const maxTotalBytes = 8 * 1024 * 1024;

export type HandedIn = { readonly name: string; readonly bytes: Uint8Array };

/** What was pasted, as a file like the others. */
export function pastedText(text: string): HandedIn {
  return { name: pastedName, bytes: new TextEncoder().encode(text) };
}

export type ReadFiles = { readonly found: readonly FoundCertificate[]; readonly refused: readonly Refused[] };

/**
 * Takes files, or pasted text, apart into certificates. A file that is one DER certificate is taken as such. What is no certificate is
 * said with its place and not kept: of a private key nothing stays, and nothing is sent.
 */
export function readHandedIn(files: readonly HandedIn[], notRead: readonly NotRead[] = []): ReadFiles {
  const split = splitFiles(files.map(({ name, bytes }) => ({ name, text: textOf(bytes) })));
  const found = split.entries.flatMap(({ certificatePem }, i) => {
    const [place, der] = [split.places[i], split.ders[i]];
    return place === undefined || der === undefined ? [] : [{ certificatePem, place, ...readCertificate(der) }];
  });
  // Text around a key may be a part of it: of such a file nothing is taken.
  const tainted = new Set(split.problems.filter(({ problem }) => isPrivateKey(problem)).map(({ place }) => place.file));
  return { found: found.filter(({ place }) => !tainted.has(place.file)), refused: [...split.problems, ...notRead] };
}

/** DER begins with a SEQUENCE of more than 127 bytes; no text does. What it is a sequence of, the server says, but of a key. */
function textOf(bytes: Uint8Array): string {
  const key = binaryKey(bytes);
  if (key !== undefined) return key;
  const isDer = bytes[0] === 0x30 && ((bytes[1] ?? 0) & 0x80) !== 0;
  return isDer && !isPkcs7(bytes) ? renderPem(bytes) : new TextDecoder().decode(bytes);
}

/** Enough to tell a private key, or a key store (RFC 7292 §4), from everything else, in base64 that is found to be one. */
function binaryKey(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x30) return undefined;
  const [, beginning = ""] = renderPem(bytes.subarray(0, 48)).split("\n");
  return findPrivateKey(beginning) === undefined ? undefined : beginning;
}

/** RFC 2315 §7: a ContentInfo begins with an object identifier of PKCS #7. */
function isPkcs7(bytes: Uint8Array): boolean {
  const oid = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
  const start = 2 + ((bytes[1] ?? 0) & 0x7f);
  return oid.every((byte, i) => bytes[start + i] === byte);
}

/** Undefined: they may be read. Otherwise what to do instead, before a byte of them was read. */
export function refuseSizes(files: readonly { readonly name: string; readonly size: number }[]): string | undefined {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total <= maxTotalBytes) return undefined;
  const [largest] = files.toSorted((a, b) => b.size - a.size);
  return `Together these files are larger than 8 MiB, the largest is ${largest?.name ?? "one of them"}. A certificate has a few kilobytes: choose the files that hold certificates.`;
}
