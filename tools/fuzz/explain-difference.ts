import type { Certificate, FleetAdvice, PathResult } from "@tcm/core";
import type { OracleVerdict } from "./openssl-oracle.ts";

/**
 * Why OpenSSL and we decide differently about a client; undefined: nobody knows, and that is a finding. Each explanation is
 * a rule that one of the two has and the other has not.
 */
export function explainDifference(ours: PathResult, theirs: OracleVerdict): string | undefined {
  return ours.verdict === "accepted" ? whyTheyRefuse(ours, theirs) : whyWeRefuse(ours);
}

/**
 * What the product itself tells its users about engines on OpenSSL. Where they take another path any error may come first; on
 * the same path it has to be the one foretold.
 */
const foretold: Readonly<Record<FleetAdvice["code"], readonly number[] | "any">> = {
  "openssl-not-after-exclusive": [10],
  "openssl-any-eku": [26],
  // X509_V_ERR_PERMITTED_VIOLATION, EXCLUDED_VIOLATION.
  "openssl-common-name-as-dns": [47, 48],
  "openssl-issuer-filter": "any",
  "openssl-no-backtracking": "any",
  "openssl-ca-by-key-usage": [],
  "openssl-wildcard-not-excluded": [],
  "openssl-leading-dot": [],
};

function whyTheyRefuse({ advice }: PathResult, { error }: OracleVerdict): string | undefined {
  const exact = advice.find(({ code }) => foretold[code] !== "any" && foretold[code].includes(error ?? 0));
  const otherPath = advice.find(({ code }) => foretold[code] === "any");
  const found = exact ?? otherPath;
  return found === undefined ? undefined : `OpenSSL refuses (error ${error}): ${found.code}`;
}

function whyWeRefuse({ advice }: PathResult): string | undefined {
  const [first] = advice;
  return first === undefined ? undefined : `OpenSSL accepts: ${first.code}`;
}

/**
 * The same about revocation: of several lists of one issuer OpenSSL settles on one. We try the next when one is unusable, and
 * believe each of them that revokes.
 */
export function explainRevocation(
  ours: PathResult,
  { error }: OracleVerdict,
  hasSeveralLists: boolean,
): string | undefined {
  if (!hasSeveralLists) return undefined;
  if (ours.verdict !== "accepted") return ours.reason.code === "revoked" ? "one of several lists revokes" : undefined;
  return error !== undefined && listErrors.has(error) ? "one of several lists is unusable" : undefined;
}

/** X509_V_ERR_CRL_SIGNATURE_FAILURE, CRL_NOT_YET_VALID, CRL_HAS_EXPIRED. */
const listErrors: ReadonlySet<number> = new Set([8, 11, 12]);

/**
 * Where OpenSSL's reader is the stricter one. Ours takes names and algorithm parameters that it does not: the first compare by
 * their bytes, with the second nothing is verified.
 */
export function explainReading({ subject, issuer, publicKey, signatureAlgorithm }: Certificate): string {
  const values = [subject, issuer].flatMap(({ rdns }) => rdns.flat());
  if (values.some(({ text, der }) => text === undefined || der[0] === visibleString))
    return "a name with a value that is no string of its type";
  const parameters = [publicKey.algorithm.parameters, signatureAlgorithm.parameters];
  return parameters.some(isOddParameter)
    ? "algorithm parameters that no algorithm has"
    : "a name or a key in another way";
}

const visibleString = 0x1a;

/** Algorithms of certificates have NULL, an OBJECT IDENTIFIER, a SEQUENCE or nothing. */
function isOddParameter(der: Uint8Array | undefined): boolean {
  if (der === undefined || der[0] === 0x30) return false;
  return der[0] === 0x05 ? der.length !== 2 : true;
}
