import type { DerProblemCode } from "../der/der-problem.ts";
import { decodeString } from "../der/string.ts";
import { tag } from "../der/tag.ts";
import { decodeBase64 } from "../pem/base64.ts";
import { type Boundary, boundaryFinder } from "../pem/boundary.ts";
import type { CertificateRevocationList } from "./certificate-revocation-list.ts";
import { maxCrlBytes, parseCrl } from "./parse-crl.ts";

/** Where and why a list of a file cannot be used; `position` counts its blocks from 1. */
export type CrlReadProblem = {
  readonly position: number;
  readonly code: DerProblemCode | "pem-no-block" | "pem-unexpected-block" | "pem-end-missing" | "pem-bad-base64";
  readonly expected: string;
};

export type ReadCrls = {
  readonly crls: readonly CertificateRevocationList[];
  readonly problems: readonly CrlReadProblem[];
};

const label = "X509 CRL";
const maxLists = 1_000;

/**
 * The revocation lists of a file: one in DER, or any number of PEM blocks (RFC 7468 §6) with text between them. Nothing is
 * passed over: every block is a list or a problem.
 */
export function readCrls(bytes: Uint8Array): ReadCrls {
  const crls: CertificateRevocationList[] = [];
  const problems: CrlReadProblem[] = [];
  for (const [i, block] of (bytes[0] === tag.sequence ? [bytes] : pemBlocks(bytes)).entries()) {
    const parsed = block instanceof Uint8Array ? parseCrl(block) : ({ ok: false, problem: block } as const);
    if (parsed.ok) crls.push(parsed.crl);
    else problems.push({ position: i + 1, code: parsed.problem.code, expected: parsed.problem.expected });
  }
  return { crls, problems };
}

type Block = Uint8Array | Omit<CrlReadProblem, "position">;

function pemBlocks(bytes: Uint8Array): readonly Block[] {
  // Base64 takes a third more, and text between the blocks is people's own.
  if (bytes.length > 2 * maxCrlBytes)
    return [{ code: "der-too-large", expected: `at most ${maxCrlBytes} bytes of DER` }];
  // As Latin-1, so that no byte of the text around the blocks is a fault.
  const text = decodeString(tag.teletexString, bytes, 0, bytes.length) ?? "";
  const next = boundaryFinder(text);
  const blocks: Block[] = [];
  for (let open = next(0); open !== undefined && blocks.length < maxLists; ) {
    const close = next(open.end);
    blocks.push(readBlock(text, open, close));
    open = close?.kind === "begin" ? close : next((close ?? open).end);
  }
  return blocks.length > 0
    ? blocks
    : [{ code: "pem-no-block", expected: `a block that starts with -----BEGIN ${label}-----` }];
}

function readBlock(text: string, open: Boundary, close: Boundary | undefined): Block {
  if (open.kind !== "begin" || open.label !== label)
    return { code: "pem-unexpected-block", expected: `only ${label} blocks` };
  if (close?.kind !== "end" || close.label !== label)
    return { code: "pem-end-missing", expected: `-----END ${label}-----` };
  const body = decodeBase64(text, open.end, close.offset);
  return body.ok ? body.bytes : { code: "pem-bad-base64", expected: body.expected };
}
