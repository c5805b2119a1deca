import { type ConfigurationLine, configurationLines, type EngineFinding } from "../trust-files/engine-finding.ts";

/** Version text as `show info` has it, and the text of the configuration. Decides by what is written; includes are not followed. */
export function lintHaproxy(version: string, configuration: string): readonly EngineFinding[] {
  const lines = configurationLines(configuration);
  const binds = lines.filter(({ text }) => /^bind\s/.test(text) && /\s(?:ca-file|ca-verify-file)\s/.test(text));
  return [
    ...(isolatesResumption(version) ? [] : resumption(lines, binds)),
    ...binds.flatMap(bindFindings),
    ...keepAlive(lines),
    ...headers(lines),
  ];
}

/** From 3.2.26 a session belongs to the trust it was made under (edges.md §0.1); older branches got it at unknown times. */
export function isolatesResumption(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  if (major !== 3) return major > 3;
  return minor > 2 || (minor === 2 && patch >= 26);
}

function resumption(
  lines: readonly ConfigurationLine[],
  binds: readonly ConfigurationLine[],
): readonly EngineFinding[] {
  const code = "resumption-outlives-removal" as const;
  const severity = "blocks-proof" as const;
  const isOff = (pattern: RegExp) => lines.some(({ text }) => pattern.test(text));
  const cache = isOff(/^tune\.ssl\.cachesize\s+0$/)
    ? []
    : [
        {
          code,
          severity,
          line: undefined,
          detail: "`tune.ssl.cachesize 0` is missing from global: cached sessions skip the client certificate",
        },
      ];
  const tickets = isOff(/^ssl-default-bind-options\s.*\bno-tls-tickets\b/)
    ? []
    : binds
        .filter(({ text }) => !/\sno-tls-tickets\b/.test(text))
        .map(({ number }) => ({
          code,
          severity,
          line: number,
          detail: "`no-tls-tickets` is missing: tickets skip the client certificate",
        }));
  return [...cache, ...tickets];
}

function bindFindings({ number: line, text }: ConfigurationLine): readonly EngineFinding[] {
  const findings: EngineFinding[] = [];
  if (!/\sverify\s+required\b/.test(text)) {
    const detail = "`verify required` is missing: clients without a certificate are let in";
    findings.push({ code: "client-certificate-not-required", severity: "blocks-proof", line, detail });
  }
  if (/\s(?:ca|crt)-ignore-err\s/.test(text)) {
    const detail = "errors of verification are ignored: clients of a removed CA may be let in";
    findings.push({ code: "verification-errors-ignored", severity: "blocks-proof", line, detail });
  }
  if (/\sca-file\s/.test(text) && !/\sno-ca-names\b/.test(text)) {
    const detail = "CA names are sent to every client: `no-ca-names` spares bytes, and the limit of 64 KiB";
    findings.push({ code: "ca-names-sent", severity: "warning", line, detail });
  }
  if (/\salpn\s+\S*\bh2\b/.test(text)) {
    const detail = "HTTP/2 connections are not told to close after a removal: they are shut down after the grace";
    findings.push({ code: "connections-outlive-removal", severity: "warning", line, detail });
  }
  return findings;
}

/** Between two requests a connection is no session that could be shut down: it goes when its time is up. */
function keepAlive(lines: readonly ConfigurationLine[]): readonly EngineFinding[] {
  if (lines.some(({ text }) => /^timeout\s+http-keep-alive\s/.test(text))) return [];
  const detail =
    "`timeout http-keep-alive` is missing: idle connections of removed clients stay until `timeout client`";
  return [{ code: "connections-outlive-removal", severity: "warning", line: undefined, detail }];
}

function headers(lines: readonly ConfigurationLine[]): readonly EngineFinding[] {
  const code = "identity-headers-not-stripped" as const;
  const rules = lines.filter(({ text }) => /^http-request\s+(?:del-header|set-header)\s/.test(text));
  const missing = (detail: string): EngineFinding => ({ code, severity: "warning", line: undefined, detail });
  if (!rules.some(({ text }) => /client.{0,12}cert/i.test(text))) {
    return [missing("no rule takes `Client-Cert` out of requests: a client could claim to be another")];
  }
  if (rules.some(({ text }) => /tcm.{0,12}client.{0,12}verdict/i.test(text))) return [];
  return [
    missing("no rule takes `TCM-Client-Verdict` and its like out of requests: a client could claim to be accepted"),
  ];
}
