import { formatTime } from "../../certificate/format-certificate.ts";
import { memberRule } from "../rule.ts";

/** notAfter is the last second of validity. */
export const expiredCertificate = memberRule("expired-certificate", "RFC 5280 §4.1.2.5", ({ certificate }, { now }) =>
  now > certificate.notAfter ? { expiryDate: formatTime(certificate.notAfter), checkDate: formatTime(now) } : undefined,
);

export const notYetValidCertificate = memberRule(
  "not-yet-valid-certificate",
  "RFC 5280 §4.1.2.5",
  ({ certificate }, { now }) =>
    now < certificate.notBefore
      ? { startDate: formatTime(certificate.notBefore), checkDate: formatTime(now) }
      : undefined,
);
