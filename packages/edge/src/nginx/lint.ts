import type { EngineFinding } from "../trust-files/engine-finding.ts";
import { type Directive, type ParsedConfiguration, parseNginx } from "./configuration-blocks.ts";
import { portsOf, readServers, type ServerBlock, valueOf } from "./server-blocks.ts";

type Check = Omit<EngineFinding, "line"> & {
  readonly directive: string;
  /** What its value has to be; absent is another value. */
  readonly isGood: (value: string | undefined) => boolean;
};

/** For every server at a port where one asks for client certificates. */
const resumptionChecks: readonly Check[] = [
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
];

/** For every server that asks for client certificates. */
const checks: readonly Check[] = [
  ...resumptionChecks,
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
  const parsed = parseNginx(configuration);
  const said = everyDirective(parsed.directives).map(({ name, args }) => [name, ...args].join(" "));
  const servers = readServers(parsed.directives);
  const asking = servers.filter((server) => (valueOf(server, "ssl_verify_client")?.args[0] ?? "off") !== "off");
  return [
    ...unknownParts(parsed),
    ...asking.flatMap(serverFindings),
    ...servers.filter((server) => !asking.includes(server)).flatMap((server) => besideFindings(server, asking)),
    ...missing(asking.length > 0, {
      code: "client-certificate-not-required",
      severity: "blocks-proof",
      detail: "no server asks for client certificates: `ssl_verify_client on`",
    }),
    ...missing(has(said, /^add_header\s.*\$(?:tcm_client_verify|ssl_client_verify)\b/), {
      code: "probe-answer-missing",
      severity: "blocks-proof",
      detail: "the header TCM-Client-Verify is missing: no proof can be made that a reload took effect",
    }),
    ...missing(!has(said, /^underscores_in_headers\son$|^ignore_invalid_headers\soff$/), {
      code: "identity-headers-not-stripped",
      severity: "warning",
      detail: "`underscores_in_headers on` or `ignore_invalid_headers off`: other spellings of identity headers pass",
    }),
    ...missing(!has(said, /^proxy_pass\s/) || has(said, /^proxy_set_header\sTCM-Client-Verdict\s$/i), {
      code: "identity-headers-not-stripped",
      severity: "warning",
      detail: '`proxy_set_header TCM-Client-Verdict ""` is missing: a client could claim to be accepted',
    }),
    ...missing(!has(said, /^proxy_pass\s/) || has(said, /^proxy_set_header\sClient-Cert\s/i), {
      code: "identity-headers-not-stripped",
      severity: "warning",
      detail: "`proxy_set_header Client-Cert` is missing: a client could claim to be another",
    }),
    ...missing(has(said, /^worker_shutdown_timeout\s/), {
      code: "connections-outlive-removal",
      severity: "warning",
      detail: "`worker_shutdown_timeout` is missing: old workers keep their busy connections until they are ended",
    }),
  ];
}

function unknownParts({ isWhole, notIncluded }: ParsedConfiguration): readonly EngineFinding[] {
  const code = "configuration-not-known" as const;
  const broken = "a brace or a quote has no other one: what stands in which block is not known";
  return [
    ...missing(isWhole, { code, severity: "blocks-proof", detail: broken }),
    ...notIncluded.map((directive): EngineFinding => {
      const detail = `what it includes is not read: give what \`nginx -T\` prints`;
      return { code, severity: "warning", ...at(directive, detail) };
    }),
  ];
}

function serverFindings(server: ServerBlock): readonly EngineFinding[] {
  return [...directiveFindings(server, checks), ...nameFindings(server)];
}

/**
 * Sessions belong to the first server of a port, before nginx knows which name is asked for: one without client certificates keeps, for
 * the servers beside it, what their clients got in with. Seen with 1.30 and TLS 1.3.
 */
function besideFindings(server: ServerBlock, asking: readonly ServerBlock[]): readonly EngineFinding[] {
  const ports = portsOf(server);
  const isBeside = asking.some((other) => portsOf(other).some((port) => ports.includes(port)));
  return isBeside ? directiveFindings(server, resumptionChecks) : [];
}

/** The names of `ssl_client_certificate` are sent: those of the set, when it is the file of the set. */
function nameFindings(server: ServerBlock): readonly EngineFinding[] {
  const named = valueOf(server, "ssl_client_certificate");
  const trusted = valueOf(server, "ssl_trusted_certificate");
  if (named === undefined || (trusted !== undefined && trusted.args[0] !== named.args[0])) return [];
  const detail =
    "CA names are sent to every client: an `ssl_client_certificate` of one CA spares bytes, and the limit of 64 KiB";
  return [{ code: "ca-names-sent", severity: "warning", ...at(named, detail) }];
}

function directiveFindings(server: ServerBlock, wanted: readonly Check[]): readonly EngineFinding[] {
  return wanted.flatMap(({ directive, isGood, code, severity, detail }) => {
    const found = valueOf(server, directive);
    return isGood(found?.args[0]) ? [] : [{ code, severity, ...at(found ?? server.directive, detail) }];
  });
}

function at({ file, line }: Directive, detail: string): Pick<EngineFinding, "line" | "detail"> {
  return { line, detail: file === undefined ? detail : `in ${file}: ${detail}` };
}

function everyDirective(directives: readonly Directive[]): readonly Directive[] {
  return directives.flatMap((directive) => [directive, ...everyDirective(directive.block ?? [])]);
}

function has(said: readonly string[], pattern: RegExp): boolean {
  return said.some((text) => pattern.test(text));
}

function missing(isThere: boolean, finding: Omit<EngineFinding, "line">): readonly EngineFinding[] {
  return isThere ? [] : [{ ...finding, line: undefined }];
}
