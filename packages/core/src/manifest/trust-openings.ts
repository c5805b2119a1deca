import { wildcardOf } from "./edge-hostname.ts";
import type { ClientAuthenticationMode } from "./manifest-entry.ts";

/** Which hostnames an edge certificate guards, and how. */
export type GuardedHostnames = { readonly hostnames: readonly string[]; readonly mode: ClientAuthenticationMode };

/**
 * A hostname that is guarded less than before. `unbound`: it has no edge certificate any more. `observed`: clients are let in without an
 * accepted certificate; `edgeCertificateId` is the one whose wildcard does so, where it is another one.
 */
export type TrustOpening = {
  readonly hostname: string;
  readonly effect: "unbound" | "observed";
  readonly edgeCertificateId?: number | undefined;
};

/**
 * What a change of one edge certificate opens, ascending by hostname; undefined: there is none before, or after. `watched` has the
 * hostnames that others only observe: what goes falls to the wildcard that covers it, and if that observes, everybody is let in.
 */
export function trustOpenings(
  before: GuardedHostnames | undefined,
  after: GuardedHostnames | undefined,
  watched: ReadonlyMap<string, number>,
): readonly TrustOpening[] {
  const known = new Set(before?.mode === "observe" ? before.hostnames : []);
  const observed = after?.mode === "observe" ? after.hostnames.filter((hostname) => !known.has(hostname)) : [];
  const kept = new Set(after?.hostnames);
  const isKept = (hostname: string): boolean => kept.has(hostname) || kept.has(wildcardOf(hostname) ?? "");
  const gone = (before?.hostnames ?? []).filter((hostname) => !isKept(hostname));
  return [
    ...observed.map((hostname): TrustOpening => ({ hostname, effect: "observed" })),
    ...gone.map((hostname) => openingOf(hostname, watched)),
  ].toSorted((a, b) => (a.hostname < b.hostname ? -1 : 1));
}

function openingOf(hostname: string, watched: ReadonlyMap<string, number>): TrustOpening {
  const edgeCertificateId = watched.get(wildcardOf(hostname) ?? "");
  return edgeCertificateId === undefined
    ? { hostname, effect: "unbound" }
    : { hostname, effect: "observed", edgeCertificateId };
}

/** For people. */
export function describeTrustOpening({ hostname, effect, edgeCertificateId }: TrustOpening): string {
  if (effect === "unbound") return `${hostname} is bound to no CA set any more`;
  const by = edgeCertificateId === undefined ? "" : `, by the wildcard of edge certificate ${edgeCertificateId}`;
  return `${hostname} lets in clients without an accepted certificate${by}`;
}
