import type { PathResult } from "@tcm/core";

export type Expected = "accepted" | "refused";

/** What the engine said. `code` is a path problem, or a DER problem where a certificate of the case cannot be read. */
export type Outcome = {
  readonly verdict: PathResult["verdict"];
  readonly code?: string;
  /** Position in the attempted path of the certificate where it stopped. */
  readonly index?: number;
  /** It stopped at the trust anchor itself. */
  readonly isAtAnchor?: boolean;
  /** Where `compat` accepts: what the strict profile says of the same case. */
  readonly strictCode?: string;
};

/** A reason that the suite gives for a refusal: any of the codes, at that certificate. */
export type ExpectedReason = { readonly index: number; readonly codes: readonly string[] };

export type Case = {
  readonly id: string;
  readonly expected: Expected;
  /** Why the case says nothing about a verifier of client certificates; undefined: it counts. */
  readonly notApplicable?: string;
  /** Absent where the suite tells no reasons. */
  readonly reasons?: readonly ExpectedReason[];
  /** Parses and verifies from the bytes, nothing kept from before. */
  readonly run: () => Outcome;
};

export type Suite = { readonly name: string; readonly floor: Floor; readonly cases: readonly Case[] };

/** What a suite must reach; known divergences of the exceptions file count as reached. */
export type Floor = {
  /** Share of the applicable cases. */
  readonly passed: number;
  /** Share of the refusals that the suite gives a reason for. */
  readonly reasons?: number;
};

export function outcomeOf(result: PathResult): Outcome {
  if (result.verdict === "accepted") return { verdict: "accepted" };
  const { code, index, certificate } = result.reason;
  const attempt = result.attempts.find(({ problem }) => problem === result.reason);
  const isAtAnchor = attempt !== undefined && attempt.certificates.at(-1) === certificate;
  return { verdict: result.verdict, code, index, isAtAnchor };
}
