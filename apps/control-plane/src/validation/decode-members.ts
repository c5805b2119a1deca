import { type Certificate, decodeBase64, parseCertificate } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";

/** What is stored was validated before: anything else is a damaged store. */
export function decodeMembers(stored: readonly string[]): readonly Certificate[] {
  return stored.map((base64) => {
    const bytes = decodeBase64(base64);
    const parsed = parseCertificate(bytes.ok ? bytes.bytes : new Uint8Array(), nodeCrypto);
    if (!parsed.ok) throw new Error(`a stored certificate cannot be read: ${parsed.problem.code}`);
    return parsed.certificate;
  });
}
