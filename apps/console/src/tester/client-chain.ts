import { findPrivateKey } from "@tcm/core";
import { type HandedIn, pastedText, readHandedIn, refuseSizes } from "../journey/read-files.ts";
import { refusedText } from "../journey/refused-text.ts";

/** What was handed in as a client's chain: its certificates in PEM, and what was not taken. Of a private key nothing stays. */
export type ClientChain = { readonly pem: string; readonly refused: readonly string[] };

export function readChain(files: readonly HandedIn[]): ClientChain {
  const tooLarge = refuseSizes(files.map(({ name, bytes }) => ({ name, size: bytes.length })));
  if (tooLarge !== undefined) return { pem: "", refused: [tooLarge] };
  const { found, refused } = readHandedIn(files);
  if (refused.length > 0) return { pem: "", refused: refused.map(refusedText) };
  if (found.length > 0) return { pem: found.map(({ certificatePem }) => certificatePem).join("\n"), refused: [] };
  const names = files.map(({ name }) => name).join(", ");
  return { pem: "", refused: [`${names}: there is no certificate. Choose a file in PEM or DER.`] };
}

export function readPasted(text: string): ClientChain {
  return readChain([pastedText(text)]);
}

/** While it is being typed or pasted: a key goes at once, before it is sent and before anybody looks over a shoulder. */
export function holdsKey(text: string): boolean {
  return findPrivateKey(text) !== undefined;
}
