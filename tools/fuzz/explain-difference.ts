import type { Certificate, PathProblemCode, PathResult } from "@tcm/core";
import type { OracleVerdict } from "./openssl-oracle.ts";

/**
 * Why OpenSSL and we decide differently about a client; undefined: nobody knows, and that is a finding. Each explanation is
 * a rule that one of the two has and the other has not.
 */
export function explainDifference(ours: PathResult, theirs: OracleVerdict): string | undefined {
  return ours.verdict === "accepted" ? whyTheyRefuse(ours, theirs) : whyWeRefuse(ours);
}

/** What the product itself tells its users about engines on OpenSSL. */
function whyTheyRefuse({ advice }: PathResult, { error }: OracleVerdict): string | undefined {
  const [first] = advice;
  return first === undefined ? undefined : `OpenSSL refuses (error ${error}): ${first.code}`;
}

/** Of all the paths that we tried, the one that OpenSSL took is enough. */
function whyWeRefuse({ attempts }: PathResult): string | undefined {
  const has = (code: PathProblemCode, test = (_actual: string): boolean => true): boolean =>
    attempts.some(({ problem }) => problem.code === code && test(problem.actual ?? ""));
  if (has("basic-constraints-missing"))
    return "we refuse (RFC 5280 §6.1.4 (k)): OpenSSL takes a CA without basicConstraints whose keyUsage has keyCertSign";
  if (has("nc-excluded", (actual) => actual.startsWith("*.")))
    return "we refuse (CVE-2025-61727): OpenSSL lets a wildcard name cover an excluded one";
  return undefined;
}

/** Why we read a certificate that OpenSSL does not; undefined: nobody knows. */
export function explainReading({
  subject,
  issuer,
  publicKey,
  signatureAlgorithm,
  extensions,
}: Certificate): string | undefined {
  const general = (extensions.subjectAltName ?? []).flatMap((name) =>
    name.form === "directoryName" ? [name.name] : [],
  );
  const isOdd = [subject, issuer, ...general].some(({ rdns }) => rdns.flat().some(({ text }) => text === undefined));
  if (isOdd) return "a name with a value that is no string, or not of its type: compared by its bytes";
  const parameters = [publicKey.algorithm.parameters, signatureAlgorithm.parameters];
  const isBadNull = parameters.some((one) => one !== undefined && one[0] === 0x05 && one.length !== 2);
  return isBadNull ? "a NULL with content as algorithm parameters: never verified with" : undefined;
}
