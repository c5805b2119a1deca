import type { Certificate, UnixSeconds } from "../certificate/certificate.ts";
import { buildIssuerGraph, type IssuerGraph } from "../path/issuer-graph.ts";
import { allRules } from "../rules/all-rules.ts";
import type { Finding } from "../rules/finding.ts";
import type { CaSetOptions, Occasion, RuleContext } from "../rules/rule.ts";
import { severityOf } from "../rules/severity.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import { finding, type Submission } from "./read-submission.ts";

export type ValidationRequest = {
  readonly options: CaSetOptions;
  readonly occasion: Occasion;
  readonly now: UnixSeconds;
  /** The version was active on the network before: it may come back although a member has expired. */
  readonly wasActiveBefore?: boolean;
  readonly sendsCaNames?: boolean;
};

declare const checked: unique symbol;

/** Certificates that passed every rule of the occasion. Made here only, so that nothing unchecked can be stored or deployed. */
export type CheckedCaSet = { readonly certificates: readonly Certificate[]; readonly [checked]: true };

export type CaSetValidation = {
  /** Errors, warnings and advice, by position and then in the order of the rules; set-wide ones last. */
  readonly findings: readonly Finding[];
  /** Undefined when any finding is an error, and for no certificate at all: a set without one guards nothing. */
  readonly checked: CheckedCaSet | undefined;
  readonly graph: IssuerGraph;
};

/** Applies every rule of the occasion and reports everything at once. */
export function validateCaSet(submission: Submission, request: ValidationRequest, crypto: CryptoPort): CaSetValidation {
  const { occasion, wasActiveBefore = false, sendsCaNames = false } = request;
  const certificates = submission.members.map(({ certificate }) => certificate);
  const graph = buildIssuerGraph(certificates, crypto);
  const context: RuleContext = { members: submission.members, graph, ...request, sendsCaNames };
  const found = allRules.flatMap(({ code, cites, check }) => {
    const severity = severityOf(code, occasion, wasActiveBefore);
    if (severity === undefined) return [];
    return check(context).map(({ member, evidence }) => finding({ ...member, code, severity, evidence, cites }));
  });
  const findings = [...submission.findings, ...found].sort(byPosition);
  const isRefused = certificates.length === 0 || findings.some(({ severity }) => severity === "error");
  return { findings, graph, checked: isRefused ? undefined : ({ certificates } as unknown as CheckedCaSet) };
}

/** Array.sort is stable, so that the order of the rules holds within one position. */
function byPosition(a: Finding, b: Finding): number {
  return (a.index ?? Number.MAX_SAFE_INTEGER) - (b.index ?? Number.MAX_SAFE_INTEGER);
}
