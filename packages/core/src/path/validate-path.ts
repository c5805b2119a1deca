import type { Certificate, UnixSeconds } from "../certificate/certificate.ts";
import { sameBytes } from "../certificate/same-bytes.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import type { AnchorIndex } from "./anchor-index.ts";
import { chargeStep, openBudget } from "./budget.ts";
import { candidateIssuers } from "./candidate-issuers.ts";
import { checkPath } from "./check-path.ts";
import type { PathContext, PathProfile, Purpose, Stop } from "./path-check.ts";
import type { PathLimits } from "./path-limits.ts";
import { pathProblemFacts } from "./path-problem-facts.ts";
import type { PathAttempt, PathProblem, PathResult, VerifiedPath } from "./path-result.ts";
import type { PolicyInputs } from "./policy-inputs.ts";

export type PathRequest = {
  /** As the client sent them: its own certificate first. At least one. */
  readonly presented: readonly [Certificate, ...Certificate[]];
  readonly anchors: AnchorIndex;
  readonly time: UnixSeconds;
  readonly purpose: Purpose;
  readonly profile: PathProfile;
  readonly allowSha1?: boolean;
  /** The leaf must name the purpose in an extendedKeyUsage; default: an absent one allows every purpose. */
  readonly requireEku?: boolean;
  /** Intermediate CAs, self-issued ones not counted, that may stand below the anchor (RFC 5280 §6.1.2 (k)). */
  readonly maxPathLength?: number;
  readonly policies?: PolicyInputs;
  readonly limits: PathLimits;
  readonly crypto: CryptoPort;
};

/** Enough to see every candidate of a real set; bounds what a hostile one makes us keep. */
const maxAttempts = 64;

/**
 * Decides whether the first presented certificate chains to a member of the set: depth-first search with backtracking over
 * the set and what the client sent, RFC 4158 and RFC 5280 §6. Never throws; `undetermined` when a limit was hit before
 * any path was found valid, which callers must treat as refused.
 */
export function validatePath(request: PathRequest): PathResult {
  const { presented, limits } = request;
  const search = openSearch(request);
  if (presented.length > limits.presented) {
    const stop: Stop = {
      code: "budget-presented",
      expected: `at most ${limits.presented}`,
      actual: String(presented.length),
    };
    return { verdict: "undetermined", reason: problemAt([presented[0]], { stop, index: 0 }), attempts: [] };
  }
  const path = extend([presented[0]], search);
  if (path !== undefined) return { verdict: "accepted", path, attempts: search.attempts };
  const budgetStop = search.context.budget.exhausted ?? (search.tooDeep ? "budget-path-length" : undefined);
  const reason =
    budgetStop === undefined
      ? search.best?.problem
      : problemAt([presented[0]], { stop: { code: budgetStop }, index: 0 });
  // A search that neither accepted nor recorded why it did not would be a bug; refuse all the same.
  const answer = reason ?? problemAt([presented[0]], { stop: { code: "issuer-not-found" }, index: 0 });
  return { verdict: budgetStop === undefined ? "refused" : "undetermined", reason: answer, attempts: search.attempts };
}

type Search = {
  readonly request: PathRequest;
  readonly context: PathContext;
  readonly attempts: PathAttempt[];
  best: (PathAttempt & { readonly reachedAnchor: boolean }) | undefined;
  tooDeep: boolean;
};

function openSearch(request: PathRequest): Search {
  const { time, purpose, profile, limits, crypto, allowSha1 = false } = request;
  const budget = openBudget(limits);
  const context = {
    time,
    purpose,
    profile,
    limits,
    crypto,
    allowSha1,
    requireEku: request.requireEku ?? false,
    maxPathLength: request.maxPathLength,
    policies: request.policies ?? {},
    budget,
    signatures: new Map(),
    names: new Map(),
    constraints: new Map(),
  };
  return { request, context, attempts: [], best: undefined, tooDeep: false };
}

/** Follows every issuer of the path's last certificate; the first valid path ends the search. */
function extend(path: readonly Certificate[], search: Search): VerifiedPath | undefined {
  const { anchors, time, presented, limits } = search.request;
  const last = path[path.length - 1] as Certificate;
  // Going on above an anchor only adds checks to those that decide here: what fails here fails there.
  if (anchors.byFingerprint.has(last.fingerprint)) return conclude(path, search);
  const candidates = candidateIssuers(last, anchors, presented, time).filter((candidate) => !isLoop(path, candidate));
  if (candidates.length === 0) {
    record(path, { stop: { code: "issuer-not-found" }, index: path.length - 1 }, false, search);
    return undefined;
  }
  if (path.length >= limits.depth) {
    search.tooDeep = true;
    record(
      path,
      {
        stop: { code: "budget-path-length", expected: `at most ${limits.depth} certificates` },
        index: path.length - 1,
      },
      false,
      search,
    );
    return undefined;
  }
  for (const candidate of candidates) {
    if (!chargeStep(search.context.budget)) return undefined;
    const found = extend([...path, candidate], search);
    if (found !== undefined || search.context.budget.exhausted !== undefined) return found;
  }
  return undefined;
}

/** The same certificate, or the same CA under another certificate (RFC 4158 §2.4.2), would only lead in circles. */
function isLoop(path: readonly Certificate[], candidate: Certificate): boolean {
  return path.some(
    (certificate) =>
      certificate.fingerprint === candidate.fingerprint ||
      (certificate.subject.canonical === candidate.subject.canonical &&
        sameBytes(certificate.publicKey.der, candidate.publicKey.der)),
  );
}

function conclude(path: readonly Certificate[], search: Search): VerifiedPath | undefined {
  const failed = checkPath(path, search.context);
  if (failed === undefined) {
    return { certificates: path, anchor: path[path.length - 1] as Certificate, validatedAt: search.request.time };
  }
  record(path, failed, true, search);
  return undefined;
}

function record(
  path: readonly Certificate[],
  at: { stop: Stop; index: number },
  reachedAnchor: boolean,
  search: Search,
): void {
  const attempt = { certificates: path, problem: problemAt(path, at), reachedAnchor };
  if (search.attempts.length < maxAttempts)
    search.attempts.push({ certificates: attempt.certificates, problem: attempt.problem });
  if (search.best === undefined || isNearer(attempt, search.best)) search.best = attempt;
}

/** The primary reason is that of the path which got nearest to trust: at an anchor before not, then the longest, then the first. */
function isNearer(a: { reachedAnchor: boolean } & PathAttempt, b: { reachedAnchor: boolean } & PathAttempt): boolean {
  if (a.reachedAnchor !== b.reachedAnchor) return a.reachedAnchor;
  return a.certificates.length > b.certificates.length;
}

function problemAt(path: readonly Certificate[], { stop, index }: { stop: Stop; index: number }): PathProblem {
  const { openSslError, ...facts } = pathProblemFacts[stop.code];
  const cites = stop.cites ?? facts.cites;
  const certificate = path[index] as Certificate;
  return { code: stop.code, index, certificate, cites, openSslError, expected: stop.expected, actual: stop.actual };
}
