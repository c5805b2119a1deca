import type { EntryId } from "@tcm/core";

/**
 * What proxies are told to write of every handshake, and `read-log-line.ts` reads: numbers, base64 and the name of the entry, which
 * stands in the configuration. Nothing that a client wrote, so that no name in a certificate, SNI or URL can forge a field.
 */
const mark = "TCM1";

/** `log-format` of a frontend that guards this entry: one line a request, of which the first of a connection counts. */
export function haproxyLogFormat(entryId: EntryId): string {
  return `${mark} ${entryId} ok %[http_first_req] %[ssl_c_der,base64] %[ssl_c_chain_der,base64]`;
}

/** `error-log-format` of the same frontend: its handshakes that failed. What else the client sent than its own certificate is not known then. */
export function haproxyErrorLogFormat(entryId: EntryId): string {
  return `${mark} ${entryId} err %[ssl_fc_err] %[ssl_c_err] %[ssl_c_ca_err] %[ssl_c_der,base64]`;
}

/** `log_format … escape=default` of a server that guards this entry; the log is written for the first request of a connection. */
export function nginxLogFormat(entryId: EntryId): string {
  return `${mark} ${entryId} $msec $ssl_client_escaped_cert $ssl_client_verify`;
}

/** Of a line in a handshake log, its newline left out: what is longer is no line of these formats. */
export const maxLogLineBytes = 16_384;
