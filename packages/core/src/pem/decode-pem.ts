import { decodeBase64 } from "./base64.ts";
import { type Boundary, boundaryFinder } from "./boundary.ts";
import { findPrivateKey } from "./find-private-key.ts";

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
  | "pem-begin-missing"
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
  /** The label of the block; undefined where there is no block, or none with a label as RFC 7468 knows them. */
  readonly label: string | undefined;
  readonly expected: string;
};

export type DecodedPem = { readonly blocks: readonly PemBlock[]; readonly problems: readonly PemProblem[] };

/**
 * RFC 7468 §5.1: "X509 CERTIFICATE" and its like are not to be taken for it. TRUSTED CERTIFICATE is OpenSSL's own, and its
 * extra trust settings would be lost.
 */
const certificateLabel = "CERTIFICATE";

/**
 * Every CERTIFICATE block of a text, RFC 7468 read leniently where people are (text between blocks, any line ends, none at
 * all, a byte order mark) and strictly in the base64. Nothing that looks like a block is passed over: it is a block or a
 * problem. Linear in the length of the text.
 */
export function decodePem(text: string, limits: { readonly maxBlocks: number }): DecodedPem {
  const blocks: PemBlock[] = [];
  const problems: PemProblem[] = [];
  const lineAt = lineCounter(text);
  const nextBoundary = boundaryFinder(text);
  let found = 0;
  for (let open = nextBoundary(0); open !== undefined; ) {
    if (found++ === limits.maxBlocks) {
      problems.push(problem("pem-too-many-blocks", open, lineAt, `at most ${limits.maxBlocks} blocks`));
      break;
    }
    const close = open.kind === "begin" ? nextBoundary(open.end) : undefined;
    const read = open.kind === "begin" ? readBlock(text, open, close, lineAt) : orphan(open, lineAt);
    if ("der" in read) blocks.push(read);
    else problems.push(read);
    open = close?.kind === "begin" ? close : nextBoundary((close ?? open).end);
  }
  if (problems.length === 0) problems.push(...strayKey(text, blocks));
  if (found === 0 && problems.length === 0) problems.push(nothingFound(text));
  return { blocks, problems };
}

type LineAt = (offset: number) => number;

/** Lines are asked for in rising order, so that the text is walked once. */
function lineCounter(text: string): LineAt {
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

/** The label decides first: a private key whose END is missing is a private key all the same. */
function readBlock(text: string, open: Boundary, close: Boundary | undefined, lineAt: LineAt): PemBlock | PemProblem {
  const { label, offset } = open;
  if (label !== certificateLabel) return problem("pem-unexpected-block", open, lineAt, "only CERTIFICATE blocks");
  const footer = `-----END ${label}-----`;
  if (close?.kind !== "end") return problem("pem-end-missing", open, lineAt, `${footer} before the next block`);
  const line = lineAt(offset);
  if (close.label !== label) return problem("pem-end-mismatch", { label, offset: close.offset }, lineAt, footer);
  const body = decodeBase64(text, open.end, close.offset);
  if (!body.ok) return problem("pem-bad-base64", { label, offset: body.at }, lineAt, body.expected);
  return { der: body.bytes, line, offset, end: close.end };
}

/** The first line of a block is easily left behind when copying. */
function orphan(close: Boundary, lineAt: LineAt): PemProblem {
  return problem("pem-begin-missing", close, lineAt, `-----BEGIN ${certificateLabel}----- before it`);
}

function problem(
  code: PemProblemCode,
  { label, offset }: Pick<Boundary, "label" | "offset">,
  lineAt: LineAt,
  expected: string,
): PemProblem {
  return { code, line: lineAt(offset), offset, label, expected };
}

/**
 * What stands around the blocks is kept and echoed with them, so that a key whose boundary lines were damaged or left behind must
 * not pass for a comment.
 */
function strayKey(text: string, blocks: readonly PemBlock[]): readonly PemProblem[] {
  let start = 0;
  for (const { offset: end, end: next } of [...blocks, { offset: text.length, end: text.length }]) {
    const found = findPrivateKey(text.slice(start, end));
    if (found !== undefined) {
      const where = { label: keyLabel, offset: start + found };
      return [problem("pem-unexpected-block", where, lineCounter(text), "only CERTIFICATE blocks")];
    }
    start = next;
  }
  return [];
}

const keyLabel = "PRIVATE KEY";

/** Says what people send instead of PEM, so that they know what to do. */
function nothingFound(text: string): PemProblem {
  const start = text.trimStart().slice(0, 16);
  const [code, expected]: readonly [PemProblemCode, string] =
    start.charCodeAt(0) === 0x30 && start.charCodeAt(1) > 0x7f
      ? ["pem-looks-like-der", "PEM text; this looks like binary DER or PKCS#7"]
      : start.startsWith("<")
        ? ["pem-looks-like-html", "PEM text; this looks like an HTML or XML page"]
        : ["pem-no-block", "a block that starts with -----BEGIN CERTIFICATE-----"];
  return { code, line: 1, offset: 0, label: undefined, expected };
}
