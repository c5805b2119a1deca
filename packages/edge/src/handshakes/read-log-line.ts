import type { EntryId } from "@tcm/core";

/** A handshake as a proxy's log tells it. Nothing in it has been verified. */
export type LoggedHandshake = {
  readonly entryId: EntryId;
  /** Milliseconds since 1970 where the log has the time. */
  readonly atMs?: number | undefined;
  readonly outcome: "accepted" | "refused" | "no-certificate" | "failed";
  /** X509_V_ERR_* where it is told. */
  readonly verifyError?: number | undefined;
  /** The proxy ended the handshake at the certificate, before the client had to show that it holds the key. */
  readonly isKeyUnproved?: true;
  /** DER, the client's own first; without what the log does not tell. */
  readonly presented: readonly Uint8Array[];
};

const entry = String.raw`((?:ca-set|edge-certificate)\/[1-9]\d{0,9})`;
const base64 = String.raw`([A-Za-z0-9+/]{0,16000}={0,2}|-)`;
const haproxyAccepted = new RegExp(`^TCM1 ${entry} ok ([01]) ${base64}(?: ${base64})?$`);
const haproxyFailed = new RegExp(String.raw`^TCM1 ${entry} err (\d{1,12}|-) (\d{1,4}|-) (\d{1,4}|-) ${base64}$`);
const nginxAny = new RegExp(
  String.raw`^TCM1 ${entry} (\d{1,13})\.(\d{3}) ([A-Za-z0-9%+/=-]{1,16000}) (SUCCESS|NONE|FAILED:.*)$`,
);

/** One line without its newline; undefined for what is no line of `log-format.ts`, or of a request that was not its connection's first. */
export function readHaproxyLine(line: string): LoggedHandshake | undefined {
  const text = line.trimEnd();
  const failed = haproxyFailed.exec(text);
  if (failed !== null) return readFailure(failed);
  const [, entryId = "", first, leaf, chain] = haproxyAccepted.exec(text) ?? [];
  if (first !== "1" || leaf === undefined || leaf === "-" || leaf === "") return undefined;
  return { entryId, outcome: "accepted", presented: [...ders(leaf), ...ders(chain)] };
}

/** `SSL_R_…`, the lowest bits of an error of OpenSSL. */
const noCertificate = 199;

function readFailure([, entryId = "", tlsError, error, caError, leaf]: RegExpExecArray): LoggedHandshake {
  const verifyError = [error, caError].map(Number).find((number) => number > 0);
  if (verifyError !== undefined)
    return { entryId, outcome: "refused", verifyError, isKeyUnproved: true, presented: ders(leaf) };
  const outcome = (Number(tlsError) & 0xfff) === noCertificate ? "no-certificate" : "failed";
  return { entryId, outcome, presented: [] };
}

export function readNginxLine(line: string): LoggedHandshake | undefined {
  const [, entryId = "", seconds = "", ms = "", escaped = "", verify] = nginxAny.exec(line) ?? [];
  if (verify === undefined) return undefined;
  const atMs = Number(seconds) * 1_000 + Number(ms);
  if (verify === "NONE") return { entryId, atMs, outcome: "no-certificate", presented: [] };
  return { entryId, atMs, outcome: verify === "SUCCESS" ? "accepted" : "refused", presented: ders(pemBody(escaped)) };
}

/** The base64 within a URL-encoded PEM; undefined where there is none. */
function pemBody(escaped: string): string | undefined {
  const begin = "-----BEGIN%20CERTIFICATE-----";
  const end = escaped.indexOf("-----END%20CERTIFICATE-----");
  if (!escaped.startsWith(begin) || end < 0) return undefined;
  const body = escaped.slice(begin.length, end).replaceAll("%0A", "");
  return body.replaceAll("%2B", "+").replaceAll("%2F", "/").replaceAll("%3D", "=");
}

/** As many as an edge looks at. */
const mostCertificates = 10;

/** Certificates one after the other in one base64, told apart by the lengths that DER begins with; whatever is none ends it. */
function ders(text = ""): readonly Uint8Array[] {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return [];
  let rest: Uint8Array = Buffer.from(text, "base64");
  const found: Uint8Array[] = [];
  while (rest.length > 0 && found.length < mostCertificates) {
    const length = sequenceLength(rest);
    if (length === undefined || length > rest.length) break;
    found.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return found;
}

/** Header included; of certificates between 128 bytes and 64 KiB (X.690 §8.1.3.5). */
function sequenceLength(bytes: Uint8Array): number | undefined {
  const [tag, form, high = 0, low = 0] = bytes;
  if (tag !== 0x30) return undefined;
  if (form === 0x81) return 3 + high;
  return form === 0x82 ? 4 + high * 256 + low : undefined;
}
