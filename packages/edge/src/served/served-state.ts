import {
  type AnchorIndex,
  buildAnchorIndex,
  type CaSetContent,
  type Certificate,
  type CryptoPort,
  caListBytes,
  type EdgeCertificateContent,
  type EntryId,
  hostnameProblem,
  maxCaListBytes,
  parseCertificate,
} from "@tcm/core";
import type { EngineContent } from "../edge-engine.ts";

/** One active CA set. Its identity changes with every change of the set: a verdict made for another one is out of date. */
export type ServedSet = { readonly caSet: CaSetContent; readonly index: AnchorIndex };

/** Everything the edge serves at one moment. Never changed, only replaced. */
export type ServedState = {
  readonly sets: ReadonlyMap<string, ServedSet>;
  readonly edgeCertificates: ReadonlyMap<EntryId, EdgeCertificateContent>;
  /** Every hostname of every edge certificate; `*.` may lead. */
  readonly hostnames: ReadonlyMap<string, EdgeCertificateContent>;
};

export const nothingServed: ServedState = { sets: new Map(), edgeCertificates: new Map(), hostnames: new Map() };

export type StatePlan =
  | { readonly ok: true; readonly state: ServedState }
  | { readonly ok: false; readonly detail: string };

/** The state with one entry replaced or withdrawn, or why the edge does not take it. */
export function planState(
  state: ServedState,
  entryId: EntryId,
  previous: EngineContent | null,
  next: EngineContent | null,
  crypto: CryptoPort,
): StatePlan {
  const kind = next?.kind ?? previous?.kind ?? entryId.slice(0, entryId.indexOf("/"));
  return kind === "ca-set"
    ? planCaSet(state, entryId, next?.kind === "ca-set" ? next : null, crypto)
    : planEdgeCertificate(state, entryId, next?.kind === "edge-certificate" ? next.edgeCertificate : null);
}

function planCaSet(
  state: ServedState,
  entryId: EntryId,
  next: Extract<EngineContent, { kind: "ca-set" }> | null,
  crypto: CryptoPort,
): StatePlan {
  const sets = new Map(state.sets);
  if (next === null) {
    sets.delete(entryId.slice("ca-set/".length));
    return { ok: true, state: { ...state, sets } };
  }
  if (entryId !== `ca-set/${next.caSet.caSetId}`) return refuse(`the content is not that of ${entryId}`);
  const set = readSet(next, crypto);
  if (typeof set === "string") return refuse(set);
  const sendsNames = [...state.edgeCertificates.values()].some(
    ({ caSetId, sendCaListToClient }) => sendCaListToClient && caSetId === next.caSet.caSetId,
  );
  const tooLong = sendsNames ? caListProblem(set) : undefined;
  if (tooLong !== undefined) return refuse(tooLong);
  sets.set(next.caSet.caSetId, set);
  return { ok: true, state: { ...state, sets } };
}

/** Decodes every anchor again, one by one: a member that is skipped would change what is trusted without a word. */
function readSet(content: Extract<EngineContent, { kind: "ca-set" }>, crypto: CryptoPort): ServedSet | string {
  const { caSet, anchors } = content;
  if (anchors.length === 0) return "a set without anchors is never served";
  for (const [position, { der }] of anchors.entries()) {
    const parsed = parseCertificate(der, crypto);
    if (!parsed.ok) return `anchor ${position}: ${parsed.problem.code} at byte ${parsed.problem.offset}`;
  }
  const index = buildAnchorIndex(anchors);
  const served = servedFingerprints(index);
  if (served.length !== anchors.length || !sameList(served, caSet.fingerprints)) {
    return "the anchors are not those that the content names";
  }
  return { caSet, index };
}

function planEdgeCertificate(state: ServedState, entryId: EntryId, next: EdgeCertificateContent | null): StatePlan {
  const edgeCertificates = new Map(state.edgeCertificates);
  edgeCertificates.delete(entryId);
  if (next !== null) {
    if (entryId !== `edge-certificate/${next.edgeCertificateId}`)
      return refuse(`the content is not that of ${entryId}`);
    const set = state.sets.get(next.caSetId);
    const problem = next.sendCaListToClient && set !== undefined ? caListProblem(set) : undefined;
    if (problem !== undefined) return refuse(problem);
    edgeCertificates.set(entryId, next);
  }
  const hostnames = new Map<string, EdgeCertificateContent>();
  for (const content of edgeCertificates.values()) {
    for (const hostname of content.hostnames) {
      const problem = hostnameProblem(hostname);
      if (problem !== undefined) return refuse(`${JSON.stringify(hostname)}: ${problem}`);
      const owner = hostnames.get(hostname);
      if (owner !== undefined) return refuse(`${hostname} belongs to edge certificate ${owner.edgeCertificateId}`);
      hostnames.set(hostname, content);
    }
  }
  return { ok: true, state: { ...state, edgeCertificates, hostnames } };
}

/** SHA-256 of every anchor as the path engine would find it, ascending. */
export function servedFingerprints(index: AnchorIndex): readonly string[] {
  return [...index.byFingerprint.keys()].toSorted();
}

/** Past the limit every handshake fails, of every client: edges.md §3.2. */
function caListProblem(set: ServedSet): string | undefined {
  const bytes = caListBytes(advertisedAnchors(set));
  if (bytes <= maxCaListBytes) return undefined;
  return `the CA names of set ${set.caSet.caSetId} take ${bytes} bytes of at most ${maxCaListBytes} in a handshake`;
}

/** One anchor of each name: renewed and cross-signed CAs share theirs, which is worth sending once. */
export function advertisedAnchors({ index }: ServedSet): readonly Certificate[] {
  return [...index.bySubject.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
}

export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, position) => item === b[position]);
}

function refuse(detail: string): StatePlan {
  return { ok: false, detail };
}
