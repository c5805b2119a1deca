import { type Certificate, type Purpose, buildAnchorIndex, pathLimits, validatePath } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { type Case, type ExpectedReason, type Outcome, type Suite, outcomeOf } from "./case.ts";
import { readPem } from "./certificates.ts";
import { codesOfError, isError } from "./chain-error-texts.ts";

/** As in `chain-errors.json`: a chain in order, its last certificate the trust anchor. */
export type ChainErrorCase = {
  readonly id: string;
  readonly trust: string;
  readonly time: string;
  readonly purpose: string;
  readonly digest_policy: string | null;
  readonly policies: string | null;
  readonly expected_errors: string;
  readonly chain: readonly string[];
};

/** The time at which the suite's certificates are valid unless a case says otherwise. */
const defaultTime = Date.UTC(2021, 9, 5, 12) / 1000;

const purposes: Readonly<Record<string, Purpose>> = {
  SERVER_AUTH: "serverAuth",
  CLIENT_AUTH: "clientAuth",
  CLIENT_AUTH_STRICT_LEAF: "clientAuth",
  ANY_EKU: "any",
};

/** Kinds of trust that a CA set knows: a certificate is a member, or it is not. */
const trusts: Readonly<Record<string, "member" | "none">> = {
  TRUSTED_ANCHOR: "member",
  TRUSTED_ANCHOR_WITH_EXPIRATION: "member",
  TRUSTED_ANCHOR_WITH_CONSTRAINTS: "member",
  TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS: "member",
  TRUSTED_LEAF: "member",
  TRUSTED_ANCHOR_OR_LEAF: "member",
  DISTRUSTED: "none",
  UNSPECIFIED: "none",
};

export function chainErrorSuite(cases: readonly ChainErrorCase[]): Suite {
  return { name: "chain-errors", floor: { passed: 1, reasons: 0.97 }, cases: cases.map(toCase) };
}

function toCase(given: ChainErrorCase): Case {
  const reasons = expectedReasons(given.expected_errors);
  const notApplicable = whyNot(given);
  return {
    id: given.id,
    expected: reasons.length === 0 ? "accepted" : "refused",
    ...(notApplicable !== undefined && { notApplicable }),
    ...(reasons.length > 0 && { reasons }),
    run: () => runChain(given),
  };
}

function whyNot({ purpose, trust, chain, expected_errors }: ChainErrorCase): string | undefined {
  if (purposes[purpose] === undefined) return `purpose ${purpose} is no client's`;
  if (trusts[trust] === undefined) return `trust ${trust} is nothing a CA set can say`;
  if (trust === "TRUSTED_LEAF" && chain.length > 1) return "a leaf's trust given to a CA";
  const unknown = expected_errors.split("\n").find((line) => isError(line) && codesOfError(line) === undefined);
  return unknown === undefined ? undefined : `a rule of the suite's own: ${unknown}`;
}

/** Warnings are no reason to refuse. */
function expectedReasons(text: string): readonly ExpectedReason[] {
  let index = 0;
  return text.split("\n").flatMap((line) => {
    const header = /^----- Certificate i=(\d+)/.exec(line);
    if (header !== null) index = Number(header[1]);
    return isError(line) ? [{ index, codes: codesOfError(line) ?? [] }] : [];
  });
}

function runChain(given: ChainErrorCase): Outcome {
  const reads = given.chain.map(readPem);
  for (const [index, read] of reads.entries())
    if ("problem" in read) return { verdict: "refused", code: read.problem, index };
  const chain = reads.flatMap((read) => ("certificate" in read ? [read.certificate] : []));
  return outcomeOf(verify(given, chain));
}

/**
 * The anchor as the suite means it: a name and a key (RFC 5280 §6.1.1 (d)), unless its dates or its constraints are to count
 * too. A CA set means the whole certificate.
 */
function anchorOf(root: Certificate, trust: string): Certificate {
  const hasDates = trust.includes("EXPIRATION") || trust.includes("LEAF");
  const hasConstraints = trust.includes("CONSTRAINTS") || trust.includes("LEAF");
  return {
    ...root,
    ...(!hasDates && { notBefore: Number.NEGATIVE_INFINITY, notAfter: Number.POSITIVE_INFINITY }),
    ...(!hasConstraints && { extensions: { all: new Map(), basicConstraints: { cA: true }, unknownCritical: [] } }),
  };
}

function verify(given: ChainErrorCase, chain: readonly Certificate[]) {
  const isMember = trusts[given.trust] === "member";
  const anchors = (isMember ? chain.slice(-1) : []).map((root) => anchorOf(root, given.trust));
  const presented = (isMember && chain.length > 1 ? chain.slice(0, -1) : chain) as [Certificate, ...Certificate[]];
  return validatePath({
    presented,
    anchors: buildAnchorIndex(anchors),
    time: timeOf(given.time),
    purpose: purposes[given.purpose] ?? "any",
    profile: "compat",
    // What the suite was made with; its own digest policy refuses SHA-1 where it says STRONG.
    allowSha1: given.digest_policy !== "STRONG",
    requireEku: given.purpose.endsWith("_STRICT_LEAF"),
    ...(given.policies !== null && { policies: { initialPolicySet: new Set(given.policies.split(",")) } }),
    limits: pathLimits,
    crypto: nodeCrypto,
  });
}

/** UTCTime. */
function timeOf(text: string): number {
  if (text === "DEFAULT") return defaultTime;
  const [, year, month, day, hour, minute, second] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return Date.parse(`20${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
}
