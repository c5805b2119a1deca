import { type Certificate, type CryptoPort, entryDigest } from "@tcm/core";
import type { EngineOutcome, EntryChange } from "../edge-engine.ts";
import { sameList, type ServedSet, type ServedState } from "./served-state.ts";

/** Reads back what is served for the entry of a change, and compares it with what the change asked for. */
export function proveEntry(state: ServedState, { entryId, next }: EntryChange, crypto: CryptoPort): EngineOutcome {
  const set = entryId.startsWith("ca-set/") ? state.sets.get(entryId.slice("ca-set/".length)) : undefined;
  const edgeCertificate = state.edgeCertificates.get(entryId);
  const served = set?.caSet ?? edgeCertificate;
  if (next === null) return served === undefined ? proved("nothing is served for it") : failed("it is still served");
  if (served === undefined) return failed("it is not served");
  const wanted = next.kind === "ca-set" ? next.caSet : next.edgeCertificate;
  if (entryDigest(served, crypto) !== entryDigest(wanted, crypto)) return failed("something else is served for it");
  if (set !== undefined) return proveSet(set, crypto);
  const isWhole = edgeCertificate?.hostnames.every((hostname) => state.hostnames.get(hostname) === edgeCertificate);
  return isWhole
    ? proved(counted(edgeCertificate?.hostnames.length ?? 0, "hostname"))
    : failed("a hostname is missing");
}

/** Fingerprints are computed anew, from the very bytes in which the path engine looks for issuers and anchors. */
function proveSet({ caSet, index }: ServedSet, crypto: CryptoPort): EngineOutcome {
  const anchors = fingerprintsOf([...index.byFingerprint.values()], crypto);
  const issuers = fingerprintsOf([...index.bySubject.values()].flat(), crypto);
  const isSame = sameList(anchors, caSet.fingerprints) && sameList(issuers, caSet.fingerprints);
  return isSame ? proved(counted(anchors.length, "anchor")) : failed("the anchors served are not those of the set");
}

function fingerprintsOf(certificates: readonly Certificate[], crypto: CryptoPort): readonly string[] {
  return certificates.map(({ der }) => crypto.sha256(der)).toSorted();
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"} read back`;
}

function proved(detail: string): EngineOutcome {
  return { ok: true, detail };
}

function failed(detail: string): EngineOutcome {
  return { ok: false, code: "proof-failed", detail };
}
