import { type ConfigurationLine, configurationLines, type EngineFinding } from "../trust-files/engine-finding.ts";
import { readServers, type ServerBlock } from "./server-blocks.ts";

type Check = Omit<EngineFinding, "line"> & {
  readonly directive: string;
  /** What its value has to be; absent is another value. */
  readonly isGood: (value: string | undefined) => boolean;
};

/** For every server that asks for client certificates. */
const checks: readonly Check[] = [
  {
    directive: "ssl_session_tickets",
    isGood: (value) => value === "off",
    code: "resumption-outlives-removal",
    severity: "blocks-proof",
    detail: "`ssl_session_tickets off` is missing: tickets survive a reload and skip the client certificate",
  },
  {
    directive: "ssl_session_cache",
    isGood: (value) => value === "off",
    code: "resumption-outlives-removal",
    severity: "blocks-proof",
    detail: "`ssl_session_cache off` is missing: cached sessions skip the client certificate",
  },
  {
    directive: "ssl_verify_client",
    isGood: (value) => value === "on",
    code: "client-certificate-not-required",
    severity: "blocks-proof",
    detail: "clients without a certificate, or with any, are let in: `ssl_verify_client on`",
  },
  {
    directive: "ssl_verify_depth",
    isGood: (value) => Number(value ?? 1) >= 3,
    code: "verify-depth-too-small",
    severity: "warning",
    detail: "longer paths of CAs than `ssl_verify_depth` are refused, and 1 is the default",
  },
];

/** `configuration` is best what `nginx -T` prints, which has every include. No version of nginx needs a rule of its own. */
export function lintNginx(configuration: string): readonly EngineFinding[] {
  const lines = configurationLines(configuration);
  const { servers, outside } = readServers(lines);
  const asking = servers.filter((server) => valueOf(server, outside, "ssl_verify_client") !== undefined);
  return [
    ...asking.flatMap((server) => serverFindings(server, outside)),
    ...missing(asking.length > 0, {
      code: "client-certificate-not-required",
      severity: "blocks-proof",
      detail: "no server asks for client certificates: `ssl_verify_client on`",
    }),
    ...missing(has(lines, /^add_header\s.*\$(?:tcm_client_verify|ssl_client_verify)\b/), {
      code: "probe-answer-missing",
      severity: "blocks-proof",
      detail: "the header TCM-Client-Verify is missing: no proof can be made that a reload took effect",
    }),
    ...missing(!has(lines, /^underscores_in_headers\s+on\b|^ignore_invalid_headers\s+off\b/), {
      code: "identity-headers-not-stripped",
      severity: "warning",
      detail: "`underscores_in_headers on` or `ignore_invalid_headers off`: other spellings of identity headers pass",
    }),
    ...missing(!has(lines, /^proxy_pass\s/) || has(lines, /^proxy_set_header\s+"?TCM-Client-Verdict"?\s+""/i), {
      code: "identity-headers-not-stripped",
      severity: "warning",
      detail: '`proxy_set_header TCM-Client-Verdict ""` is missing: a client could claim to be accepted',
    }),
    ...missing(!has(lines, /^proxy_pass\s/) || has(lines, /^proxy_set_header\s+"?Client-Cert"?\s/i), {
      code: "identity-headers-not-stripped",
      severity: "warning",
      detail: "`proxy_set_header Client-Cert` is missing: a client could claim to be another",
    }),
    ...missing(has(lines, /^worker_shutdown_timeout\s/), {
      code: "connections-outlive-removal",
      severity: "warning",
      detail: "`worker_shutdown_timeout` is missing: old workers keep their busy connections until they are ended",
    }),
  ];
}

function serverFindings(server: ServerBlock, outside: readonly ConfigurationLine[]): readonly EngineFinding[] {
  return [...directiveFindings(server, outside), ...nameFindings(server, outside)];
}

/** The names of `ssl_client_certificate` are sent: those of the set, when it is the file of the set. */
function nameFindings(server: ServerBlock, outside: readonly ConfigurationLine[]): readonly EngineFinding[] {
  const named = valueOf(server, outside, "ssl_client_certificate");
  const trusted = valueOf(server, outside, "ssl_trusted_certificate");
  if (named === undefined || (trusted !== undefined && trusted.value !== named.value)) return [];
  const detail =
    "CA names are sent to every client: an `ssl_client_certificate` of one CA spares bytes, and the limit of 64 KiB";
  return [{ code: "ca-names-sent", severity: "warning", line: named.line, detail }];
}

function directiveFindings(server: ServerBlock, outside: readonly ConfigurationLine[]): readonly EngineFinding[] {
  return checks.flatMap(({ directive, isGood, code, severity, detail }) => {
    const found = valueOf(server, outside, directive);
    return isGood(found?.value) ? [] : [{ code, severity, line: found?.line ?? server.line, detail }];
  });
}

/** Of the server, else inherited. */
function valueOf({ lines }: ServerBlock, outside: readonly ConfigurationLine[], directive: string) {
  for (const { number, text } of [...lines, ...outside]) {
    const [name, value] = text.replace(/;.*$/, "").split(/\s+/);
    if (name === directive) return { value, line: number };
  }
  return undefined;
}

function has(lines: readonly ConfigurationLine[], pattern: RegExp): boolean {
  return lines.some(({ text }) => pattern.test(text));
}

function missing(isThere: boolean, finding: Omit<EngineFinding, "line">): readonly EngineFinding[] {
  return isThere ? [] : [{ ...finding, line: undefined }];
}
