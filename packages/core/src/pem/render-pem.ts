import { encodeBase64 } from "./base64.ts";

/** RFC 7468 §2: 64 columns, LF. Rendered from DER alone: nothing that was submitted around it survives. */
export function renderPem(der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
