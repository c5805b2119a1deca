import type { Certificate, UnixSeconds } from "../certificate/certificate.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import type { AnchorIndex } from "./anchor-index.ts";
import { describeLimit, openBudget } from "./budget.ts";
import { checkPath } from "./check-path.ts";
import { fleetAdvice, refusalAdvice } from "./fleet-advice.ts";
import type { PathContext, PathProfile, Purpose, RevocationInputs, Stop } from "./path-check.ts";
import type { PathLimits } from "./path-limits.ts";
import { pathProblemFacts } from "./path-problem-facts.ts";
import type { FleetAdvice, PathAttempt, PathProblem, PathResult } from "./path-result.ts";
import { type GivenUp, type PathMaterial, type PathSearch, searchPath } from "./path-search.ts";
import type { PolicyInputs } from "./policy-inputs.ts";
import { isBetterReason } from "./primary-reason.ts";

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
  /** Only a self-issued member ends a path: what servers do that know no partial chains. Default: every member does. */
  readonly requireSelfSigned?: boolean;
  /** Intermediate CAs, self-issued ones not counted, that may stand below the anchor (RFC 5280 §6.1.2 (k)). */
  readonly maxPathLength?: number;
  readonly policies?: PolicyInputs;
  /** Absent: revocation is not looked at. */
  readonly revocation?: RevocationInputs;
  /** Also say where engines on OpenSSL would decide otherwise; costs a second, smaller search. */
  readonly advise?: boolean;
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
  const [leaf] = request.presented;
  const tooMuch = checkPresented(request);
  if (tooMuch !== undefined)
    return { verdict: "undetermined", reason: problemAt([leaf], tooMuch, 0), attempts: [], advice: [] };
  const context = openContext(request);
  const { path, attempts, best } = runSearch(request, context);
  if (path !== undefined) return accept(path, attempts, request, context);
  const advice = request.advise ? refusalAdvice(attempts) : [];
  const { exhausted, isTooDeep } = context.budget;
  const budgetStop = exhausted ?? (isTooDeep ? "budget-path-length" : undefined);
  if (budgetStop !== undefined) {
    const stop = { code: budgetStop, expected: describeLimit(budgetStop, request.limits) };
    return { verdict: "undetermined", reason: problemAt([leaf], stop, 0), attempts, advice };
  }
  // A search that neither accepted nor recorded why it did not would be a bug; refuse all the same.
  const reason = best ?? problemAt([leaf], { code: "issuer-not-found" }, 0);
  return { verdict: "refused", reason, attempts, advice };
}

function checkPresented({ presented, limits }: PathRequest): Stop | undefined {
  const code = "budget-presented";
  if (presented.length > limits.presented)
    return { code, expected: `at most ${limits.presented} certificates`, actual: String(presented.length) };
  const bytes = presented.reduce((sum, { der }) => sum + der.length, 0);
  if (bytes <= limits.presentedBytes) return undefined;
  return { code, expected: `at most ${limits.presentedBytes} bytes`, actual: String(bytes) };
}

function openContext(request: PathRequest): PathContext {
  const { time, purpose, profile, limits, crypto } = request;
  return {
    time,
    purpose,
    profile,
    limits,
    crypto,
    allowSha1: request.allowSha1 ?? false,
    requireEku: request.requireEku ?? false,
    requireSelfSigned: request.requireSelfSigned ?? false,
    maxPathLength: request.maxPathLength,
    policies: request.policies ?? {},
    revocation: request.revocation,
    budget: openBudget(limits),
    candidates: new Map(),
    signatures: new Map(),
    names: new Map(),
    constraints: new Map(),
  };
}

type Found = {
  readonly path: readonly Certificate[] | undefined;
  readonly attempts: readonly PathAttempt[];
  readonly best: PathProblem | undefined;
};

function runSearch(request: PathRequest, context: PathContext): Found {
  const material = materialOf(request);
  const attempts: PathAttempt[] = [];
  let best: { readonly attempt: GivenUp; readonly problem: PathProblem } | undefined;
  const onGivenUp = (attempt: GivenUp): void => {
    const problem = problemAt(attempt.path, attempt.stop, attempt.index);
    if (attempts.length < maxAttempts) attempts.push({ certificates: attempt.path, problem });
    if (best === undefined || isBetterReason(attempt, best.attempt)) best = { attempt, problem };
  };
  const search: PathSearch = { ...material, context, onGivenUp, judge: (path) => checkPath(path, context, material) };
  const path = searchPath([request.presented[0]], search);
  return { path, attempts, best: best?.problem };
}

/** A certificate sent twice is one candidate. */
function materialOf({ presented, anchors }: PathRequest): PathMaterial {
  if (presented.length <= 2) return { anchors, presented };
  return { anchors, presented: [...new Map(presented.map((one) => [one.fingerprint, one])).values()] };
}

function accept(
  certificates: readonly Certificate[],
  attempts: readonly PathAttempt[],
  request: PathRequest,
  context: PathContext,
): PathResult {
  const anchor = certificates[certificates.length - 1] as Certificate;
  const advice: readonly FleetAdvice[] = request.advise ? fleetAdvice(certificates, materialOf(request), context) : [];
  return { verdict: "accepted", path: { certificates, anchor, validatedAt: request.time }, attempts, advice };
}

function problemAt(path: readonly Certificate[], stop: Stop, index: number): PathProblem {
  const facts = pathProblemFacts[stop.code];
  return {
    code: stop.code,
    index,
    certificate: path[index] as Certificate,
    cites: stop.cites ?? facts.cites,
    openSslError: stop.openSslError ?? facts.openSslError,
    expected: stop.expected,
    actual: stop.actual,
  };
}
