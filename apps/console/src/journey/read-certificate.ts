import { formatName, formatTime, parseCertificate } from "@tcm/core";
import type { DraftCertificate } from "./draft.ts";

/** Whose certificate it is and until when, also where the server has refused it; undefined: it cannot be read. */
export function readCertificate(der: Uint8Array): Pick<DraftCertificate, "subject" | "endDate"> {
  const parsed = parseCertificate(der, withoutFingerprint);
  if (!parsed.ok) return { subject: undefined, endDate: undefined };
  const { subject, notAfter } = parsed.certificate;
  return { subject: formatName(subject), endDate: formatTime(notAfter) };
}

/** The page shows no fingerprint but the server's. */
const withoutFingerprint = { sha256: () => "" };
