import type { EngineFinding } from "../trust-files/engine-finding.ts";
import { type HaproxyConfiguration, type HaproxyLine, haproxyLines } from "./configuration-lines.ts";
import { crtListNames, type TrustingBind, trustingBinds } from "./trusting-binds.ts";

/** Version text as `show info` has it, and what is configured. Decides by what is written. */
export function lintHaproxy(version: string, configuration: HaproxyConfiguration): readonly EngineFinding[] {
  const lines = haproxyLines(configuration);
  const binds = trustingBinds(configuration);
  return eachOnce([
    ...unknownBinds(lines, configuration),
    ...(isolatesResumption(version) ? [] : resumption(lines, binds)),
    ...binds.flatMap(bindFindings),
    ...keepAlive(lines),
    ...headers(lines),
  ]);
}

/** From 3.2.26 a session belongs to the trust it was made under (edges.md §0.1); older branches got it at unknown times. */
export function isolatesResumption(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  if (major !== 3) return major > 3;
  return minor > 2 || (minor === 2 && patch >= 26);
}

/** Lines and lists of which nobody knows what they make trusted. */
function unknownBinds(lines: readonly HaproxyLine[], configuration: HaproxyConfiguration): readonly EngineFinding[] {
  const code = "configuration-not-known" as const;
  const written = lines.filter(({ words: [keyword], text }) => keyword === "bind" && /(?<!\\)\$/.test(text));
  const { crtLists, environment } = configuration;
  const lists = crtListNames(configuration).filter((name) => crtLists?.get(name) === undefined);
  const inVariables = "what it binds and trusts is written in variables whose values are not known";
  return [
    ...written.map((line): EngineFinding => {
      const severity = environment === undefined ? "warning" : "blocks-proof";
      return { code, severity, ...at(line, inVariables) };
    }),
    ...lists.map((name): EngineFinding => {
      const detail = `what the crt-list ${name} makes trusted is not known: it cannot be read`;
      return { code, severity: crtLists === undefined ? "warning" : "blocks-proof", line: undefined, detail };
    }),
  ];
}

function resumption(lines: readonly HaproxyLine[], binds: readonly TrustingBind[]): readonly EngineFinding[] {
  const code = "resumption-outlives-removal" as const;
  const severity = "blocks-proof" as const;
  const sizes = lines.filter(({ words }) => words[0] === "tune.ssl.cachesize");
  const isCacheOff = sizes.some(isCertain) && sizes.every(({ words }) => words[1] === "0");
  const detail = "`tune.ssl.cachesize 0` is missing from global: cached sessions skip the client certificate";
  const defaults = lines.filter(({ words }) => words[0] === "ssl-default-bind-options");
  const isOffByDefault =
    defaults.filter(isCertain).some(({ words }) => words.includes("no-tls-tickets")) &&
    !defaults.some(({ words }) => words.includes("tls-tickets"));
  const handingOut = binds.filter(
    ({ options }) => options.has("tls-tickets") || !(isOffByDefault || options.has("no-tls-tickets")),
  );
  return [
    ...(isCacheOff ? [] : [{ code, severity, line: undefined, detail }]),
    ...handingOut.map((bind) => ({
      code,
      severity,
      ...atBind(bind, "`no-tls-tickets` is missing: tickets skip the client certificate"),
    })),
  ];
}

function isCertain({ isConditional }: HaproxyLine): boolean {
  return !isConditional;
}

function bindFindings(bind: TrustingBind): readonly EngineFinding[] {
  const { options } = bind;
  const findings: EngineFinding[] = [];
  const note = (code: EngineFinding["code"], severity: EngineFinding["severity"], detail: string) =>
    findings.push({ code, severity, ...atBind(bind, detail) });
  if (options.get("verify") !== "required") {
    const detail = "`verify required` is missing: clients without a certificate are let in";
    note("client-certificate-not-required", "blocks-proof", detail);
  }
  if (options.has("ca-ignore-err") || options.has("crt-ignore-err")) {
    const detail = "errors of verification are ignored: clients of a removed CA may be let in";
    note("verification-errors-ignored", "blocks-proof", detail);
  }
  if (options.has("ca-file") && !options.has("no-ca-names")) {
    const detail = "CA names are sent to every client: `no-ca-names` spares bytes, and the limit of 64 KiB";
    note("ca-names-sent", "warning", detail);
  }
  if (options.get("alpn")?.split(",").includes("h2")) {
    const detail = "HTTP/2 connections are not told to close after a removal: they are shut down after the grace";
    note("connections-outlive-removal", "warning", detail);
  }
  return findings;
}

function at({ file, number }: HaproxyLine, detail: string): Pick<EngineFinding, "line" | "detail"> {
  return { line: number, detail: file === undefined ? detail : `in ${file}: ${detail}` };
}

function atBind({ line, crtList }: TrustingBind, detail: string): Pick<EngineFinding, "line" | "detail"> {
  return at(line, crtList === undefined ? detail : `by the crt-list ${crtList}: ${detail}`);
}

/** Many lines of a crt-list say the same. */
function eachOnce(findings: readonly EngineFinding[]): readonly EngineFinding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** Between two requests a connection is no session that could be shut down: it goes when its time is up. */
function keepAlive(lines: readonly HaproxyLine[]): readonly EngineFinding[] {
  if (lines.some(({ text }) => /^timeout\s+http-keep-alive\s/.test(text))) return [];
  const detail =
    "`timeout http-keep-alive` is missing: idle connections of removed clients stay until `timeout client`";
  return [{ code: "connections-outlive-removal", severity: "warning", line: undefined, detail }];
}

function headers(lines: readonly HaproxyLine[]): readonly EngineFinding[] {
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
