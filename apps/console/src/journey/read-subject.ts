import { formatName, parseCertificate } from "@tcm/core";

/** Whose certificate it is, for as long as the server was not asked; undefined: it cannot be read. */
export function readSubject(der: Uint8Array): string | undefined {
  const parsed = parseCertificate(der, withoutFingerprint);
  return parsed.ok ? formatName(parsed.certificate.subject) : undefined;
}

/** The page shows no fingerprint but the server's. */
const withoutFingerprint = { sha256: () => new Uint8Array(32) };
