import { decodeBase64 } from "./base64.ts";

/** One CERTIFICATE block. Positions count from the start of the text; lines from 1. */
export type PemBlock = {
  readonly der: Uint8Array;
  readonly line: number;
  readonly offset: number;
  readonly end: number;
};

export type PemProblemCode =
  | "pem-no-block"
  | "pem-unexpected-block"
  | "pem-end-missing"
  | "pem-end-mismatch"
  | "pem-bad-base64"
  | "pem-too-many-blocks"
  | "pem-looks-like-der"
  | "pem-looks-like-html";

/** What is wrong, where. Never carries the content of a block: it may be a private key. */
export type PemProblem = {
  readonly code: PemProblemCode;
  readonly line: number;
  readonly offset: number;
  /** The label of the block, at most 64 characters; undefined where there is no block. */
  readonly label: string | undefined;
  readonly expected: string;
};

export type DecodedPem = { readonly blocks: readonly PemBlock[]; readonly problems: readonly PemProblem[] };

const begin = "-----BEGIN ";
const end = "-----END ";
const dashes = "-----";
const maxLabel = 64;

/** RFC 7468 §5 and the old names it mentions. TRUSTED CERTIFICATE is refused: OpenSSL's extra trust settings would be lost. */
const certificateLabels: ReadonlySet<string> = new Set(["CERTIFICATE", "X509 CERTIFICATE"]);

/**
 * Every CERTIFICATE block of a text, RFC 7468 read leniently where people are (text between blocks, any line ends, none at
 * all, a byte order mark) and strictly in the base64. Linear in the length of the text.
 */
export function decodePem(text: string, limits: { readonly maxBlocks: number }): DecodedPem {
  const blocks: PemBlock[] = [];
  const problems: PemProblem[] = [];
  const lineAt = lineCounter(text);
  let seen = 0;
  let from = 0;
  for (;;) {
    const offset = text.indexOf(begin, from);
    if (offset < 0) break;
    if (seen++ === limits.maxBlocks) {
      problems.push({
        code: "pem-too-many-blocks",
        line: lineAt(offset),
        offset,
        label: undefined,
        expected: `at most ${limits.maxBlocks} blocks`,
      });
      break;
    }
    const result = readBlock(text, offset, lineAt);
    if ("der" in result.found) blocks.push(result.found);
    else problems.push(result.found);
    from = result.next;
  }
  if (seen === 0) problems.push(nothingFound(text));
  return { blocks, problems };
}

/** Lines are asked for in rising order, so that the text is walked once. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a)) line++;
    }
    return line;
  };
}

type BlockRead = { readonly found: PemBlock | PemProblem; readonly next: number };

function readBlock(text: string, offset: number, lineAt: (offset: number) => number): BlockRead {
  const line = lineAt(offset);
  const labelStart = offset + begin.length;
  const labelEnd = text.slice(labelStart, labelStart + maxLabel + dashes.length).indexOf(dashes);
  const problem = (
    code: PemProblemCode,
    at: number,
    label: string | undefined,
    expected: string,
    next: number,
  ): BlockRead => ({
    found: { code, line: lineAt(at), offset: at, label, expected },
    next,
  });
  if (labelEnd < 0)
    return problem("pem-unexpected-block", offset, undefined, "-----BEGIN CERTIFICATE-----", labelStart);
  const label = text.slice(labelStart, labelStart + labelEnd);
  const bodyStart = labelStart + labelEnd + dashes.length;
  const close = text.indexOf(end, bodyStart);
  const nested = text.slice(bodyStart, close < 0 ? text.length : close).indexOf(begin);
  if (close < 0 || nested >= 0) {
    const next = nested >= 0 ? bodyStart + nested : text.length;
    return problem("pem-end-missing", offset, label, `-----END ${label}----- before the next block`, next);
  }
  const footer = `${end}${label}${dashes}`;
  const next = close + end.length;
  if (!text.startsWith(footer, close)) return problem("pem-end-mismatch", close, label, footer, next);
  if (!certificateLabels.has(label))
    return problem("pem-unexpected-block", offset, label, "only CERTIFICATE blocks", next);
  const body = decodeBase64(text, bodyStart, close);
  if (!body.ok) return problem("pem-bad-base64", Math.min(body.at, close), label, body.expected, next);
  return { found: { der: body.bytes, line, offset, end: close + footer.length }, next };
}

/** Says what people send instead of PEM, so that they know what to do. */
function nothingFound(text: string): PemProblem {
  const start = text.trimStart().slice(0, 16);
  const found: readonly [PemProblemCode, string] =
    start.charCodeAt(0) === 0x30 && start.charCodeAt(1) > 0x7f
      ? ["pem-looks-like-der", "PEM text; this looks like binary DER or PKCS#7"]
      : start.startsWith("<")
        ? ["pem-looks-like-html", "PEM text; this looks like an HTML or XML page"]
        : ["pem-no-block", "a block that starts with -----BEGIN CERTIFICATE-----"];
  return { code: found[0], line: 1, offset: 0, label: undefined, expected: found[1] };
}
