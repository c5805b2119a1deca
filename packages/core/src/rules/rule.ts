import type { Certificate, UnixSeconds } from "../certificate/certificate.ts";
import type { IssuerGraph } from "../path/issuer-graph.ts";
import type { FindingCode } from "./finding-code.ts";

/** When a set is looked at; what is an error then is in `severity.ts`. */
export type Occasion = "create" | "update" | "validate" | "deploy" | "clone";

/** One distinct certificate of a submission. */
export type Member = {
  /** Zero-based position of its first copy in the submission. */
  readonly index: number;
  readonly certificate: Certificate;
};

export type CaSetOptions = {
  readonly requireRootCertificate: boolean;
  readonly allowInsecureSha1: boolean;
  readonly allowDuplicateCommonNames: boolean;
};

/** All that a rule may look at. */
export type RuleContext = {
  readonly members: readonly Member[];
  readonly graph: IssuerGraph;
  readonly options: CaSetOptions;
  readonly occasion: Occasion;
  readonly now: UnixSeconds;
  /** An engine of the network in question tells clients the names of the CAs. */
  readonly sendsCaNames: boolean;
};

/** JSON-safe facts: what was expected and found, and who else is involved. */
export type Evidence = Readonly<Record<string, unknown>>;

/** `member` is absent where the set as a whole is meant. */
export type Observation = { readonly member?: Member; readonly evidence: Evidence };

/** One requirement from one document. It observes; whether that is an error depends on the occasion. */
export type Rule = {
  readonly code: FindingCode;
  readonly cites: string;
  readonly check: (context: RuleContext) => readonly Observation[];
};

/** A rule that looks at one certificate at a time; undefined: nothing to say. */
export function memberRule(
  code: FindingCode,
  cites: string,
  check: (member: Member, context: RuleContext) => Evidence | undefined,
): Rule {
  return {
    code,
    cites,
    check: (context) =>
      context.members.flatMap((member) => {
        const evidence = check(member, context);
        return evidence === undefined ? [] : [{ member, evidence }];
      }),
  };
}
