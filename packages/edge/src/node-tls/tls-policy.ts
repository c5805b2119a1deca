import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";

/** Forward secrecy and authenticated encryption only: RFC 9325 §4.2. */
const ciphers = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

/**
 * What holds for every handshake. No tickets, and no session handlers anywhere: a resumed session skips the client
 * certificate, and so would outlive the trust in its CA (path-validation.md §5.4). No renegotiation: it could put another
 * certificate under a verdict that was already made. Options belong to the listener's own context, and are set in each
 * hostname's too.
 */
export const tlsPolicy = {
  minVersion: "TLSv1.2",
  ciphers: ciphers.join(":"),
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const satisfies SecureContextOptions;
