import type { Certificate } from "../certificate/certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import { sameBytes } from "../certificate/same-bytes.ts";
import { isSelfIssued } from "../certificate/self-issued.ts";
import type { AnchorIndex } from "./anchor-index.ts";
import { chargeStep } from "./budget.ts";
import { candidateIssuers } from "./candidate-issuers.ts";
import type { PathContext, Stop } from "./path-check.ts";

/** What a path may be made of. */
export type PathMaterial = { readonly anchors: AnchorIndex; readonly presented: readonly Certificate[] };

export type StopAt = { readonly stop: Stop; readonly index: number };

/** Decides a path that reached an anchor; undefined: it is valid. */
export type PathJudge = (path: readonly Certificate[]) => StopAt | undefined;

/** A candidate path and why it was given up. */
export type GivenUp = StopAt & { readonly path: readonly Certificate[]; readonly reachedAnchor: boolean };

export type PathSearch = PathMaterial & {
  readonly context: PathContext;
  readonly judge: PathJudge;
  readonly onGivenUp: (attempt: GivenUp) => void;
};

/**
 * Depth-first with backtracking (RFC 4158 §2.4): follows every issuer of the path's last certificate; the first valid path
 * ends the search. Undefined when there is none, or a limit ended it: `context.budget.exhausted` tells.
 */
export function searchPath(path: readonly Certificate[], search: PathSearch): readonly Certificate[] | undefined {
  const last = path[path.length - 1] as Certificate;
  const { context, anchors } = search;
  const isMember = anchors.byFingerprint.has(last.fingerprint);
  // Going on above an anchor only adds checks to those that decide here: what fails here fails there.
  if (isMember && !(context.requireSelfSigned && !isSelfIssued(last))) return conclude(path, search);
  let followed = 0;
  for (const candidate of candidatesOf(last, search)) {
    // Those that are passed over cost a look as well.
    if (!chargeStep(context.budget)) return undefined;
    if (isLoop(path, candidate)) continue;
    if (path.length >= context.limits.depth) return stopTooDeep(path, search);
    followed++;
    const found = searchPath([...path, candidate], search);
    if (found !== undefined || context.budget.exhausted !== undefined) return found;
  }
  if (followed === 0) search.onGivenUp({ ...deadEnd(last, isMember, path.length), path, reachedAnchor: false });
  return undefined;
}

/** A certificate's candidates are the same on every path that it is on. */
function candidatesOf(child: Certificate, { context, anchors, presented }: PathSearch): readonly Certificate[] {
  let candidates = context.candidates.get(child);
  if (candidates === undefined) {
    candidates = candidateIssuers(child, anchors, presented, context.time);
    context.candidates.set(child, candidates);
  }
  return candidates;
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

function conclude(path: readonly Certificate[], { judge, onGivenUp }: PathSearch): readonly Certificate[] | undefined {
  const failed = judge(path);
  if (failed === undefined) return path;
  onGivenUp({ ...failed, path, reachedAnchor: true });
  return undefined;
}

function stopTooDeep(path: readonly Certificate[], { context: { limits, budget }, onGivenUp }: PathSearch): undefined {
  budget.isTooDeep = true;
  const stop = { code: "budget-path-length", expected: `at most ${limits.depth} certificates` } as const;
  onGivenUp({ stop, index: path.length - 1, path, reachedAnchor: false });
}

function deadEnd(last: Certificate, isMember: boolean, length: number): StopAt {
  const index = length - 1;
  if (isMember) return { stop: { code: "not-an-anchor", expected: "a self-signed member" }, index };
  const expected = formatName(last.issuer);
  if (!isSelfIssued(last)) return { stop: { code: "issuer-not-found", expected }, index };
  return { stop: { code: "issuer-not-found", expected, openSslError: index === 0 ? 18 : 19 }, index };
}
