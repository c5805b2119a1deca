import type { ProbeAnswer, ProbeVerdict } from "../probe/probe-anchor.ts";

/**
 * HAProxy ends the handshake with the alert that OpenSSL chose: an unknown issuer, or a signature that does not verify
 * (edges.md §1.3). An anchor that has expired was found too.
 */
export function readHaproxyProbe({ errorCode = "no alert" }: ProbeAnswer): ProbeVerdict {
  if (errorCode.endsWith("ALERT_UNKNOWN_CA")) return { anchor: "absent", detail: errorCode };
  if (/ALERT_(?:DECRYPT_ERROR|CERTIFICATE_EXPIRED|BAD_CERTIFICATE)$/.test(errorCode)) {
    return { anchor: "present", detail: errorCode };
  }
  return { anchor: "unclear", detail: errorCode };
}
