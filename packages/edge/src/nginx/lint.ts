import { type ConfigurationLine, configurationLines, type EngineFinding } from "../trust-files/engine-finding.ts";

/** `configuration` is best what `nginx -T` prints, which has every include. No version of nginx needs a rule of its own. */
export function lintNginx(configuration: string): readonly EngineFinding[] {
  const lines = configurationLines(configuration);
  const has = (pattern: RegExp) => lines.some(({ text }) => pattern.test(text));
  const missing = (isThere: boolean, finding: Omit<EngineFinding, "line">): readonly EngineFinding[] =>
    isThere ? [] : [{ ...finding, line: undefined }];
  return [
    ...lines.flatMap(lineFindings),
    ...missing(has(/^ssl_session_tickets\s+off;/), {
      code: "resumption-outlives-removal",
      severity: "blocks-proof",
      detail: "`ssl_session_tickets off` is missing: tickets survive a reload and skip the client certificate",
    }),
    ...missing(has(/^ssl_verify_client\s+on;/), {
      code: "client-certificate-not-required",
      severity: "blocks-proof",
      detail: "`ssl_verify_client on` is missing: clients without a certificate are let in",
    }),
    ...missing(has(/\$ssl_client_verify\b/), {
      code: "probe-answer-missing",
      severity: "blocks-proof",
      detail: "the header TCM-Client-Verify is missing: no proof can be made that a reload took effect",
    }),
    ...missing(has(/^ssl_verify_depth\s/), {
      code: "verify-depth-too-small",
      severity: "warning",
      detail: "`ssl_verify_depth` is missing: 1 is too small for any path with two CAs",
    }),
    ...missing(has(/^proxy_set_header\s+"?Client-Cert"?\s/i), {
      code: "identity-headers-not-stripped",
      severity: "warning",
      detail: "`proxy_set_header Client-Cert` is missing: a client could claim to be another",
    }),
    ...missing(has(/^worker_shutdown_timeout\s/), {
      code: "connections-outlive-removal",
      severity: "warning",
      detail: "`worker_shutdown_timeout` is missing: old workers keep their busy connections until they are ended",
    }),
  ];
}

function lineFindings({ number: line, text }: ConfigurationLine): readonly EngineFinding[] {
  const code = "resumption-outlives-removal";
  if (/^ssl_session_cache\s+(?!off;|none;)/.test(text)) {
    const detail = "cached sessions skip the client certificate: `ssl_session_cache off`";
    return [{ code, severity: "blocks-proof", line, detail }];
  }
  if (/^ssl_session_tickets\s+on;/.test(text)) {
    const detail = "tickets skip the client certificate: `ssl_session_tickets off`";
    return [{ code, severity: "blocks-proof", line, detail }];
  }
  if (/^ssl_verify_client\s+optional/.test(text)) {
    const detail = "clients without a certificate, or with any, are let in";
    return [{ code: "client-certificate-not-required", severity: "blocks-proof", line, detail }];
  }
  const [, depth] = /^ssl_verify_depth\s+(\d+);/.exec(text) ?? [];
  if (depth !== undefined && Number(depth) < 3) {
    const detail = `a path of more than ${depth} CAs is refused`;
    return [{ code: "verify-depth-too-small", severity: "warning", line, detail }];
  }
  return [];
}
