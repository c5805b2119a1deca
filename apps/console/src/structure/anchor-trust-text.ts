import type { EffectiveTrustView } from "@tcm/api-contract";
import { plural } from "../text/time-text.ts";
import { shortName } from "./tree-items.ts";

export type AnchorTrust = EffectiveTrustView["anchors"][number];

export const roleWords: Readonly<Record<AnchorTrust["role"], string>> = {
  issuing: "only way in",
  pinned: "widens nothing",
  widening: "widens trust",
};

/** What an anchor makes trusted, in sentences. Pure. */
export function anchorTrustText(anchor: AnchorTrust, names: (fingerprint: string) => string): readonly string[] {
  const { letsIn } = anchor;
  if (!letsIn.clientAuth)
    return ["It lets in nobody: its extendedKeyUsage leaves out client authentication (RFC 5280 §4.2.1.12)."];
  return [
    roleText(anchor, names),
    ...(letsIn.furtherCas === undefined ? [] : [depthText(letsIn.furtherCas)]),
    ...(letsIn.permittedNames ? [`Only clients with names under ${letsIn.permittedNames.join(", ")}.`] : []),
    ...(letsIn.excludedNames ? [`No clients with names under ${letsIn.excludedNames.join(", ")}.`] : []),
  ];
}

function roleText({ role, covers, coveredBy }: AnchorTrust, names: (fingerprint: string) => string): string {
  switch (role) {
    case "issuing":
      return "Its clients get in by it alone: without it they are refused.";
    case "pinned":
      return `Its clients get in without it too, by ${listed(coveredBy, names)}: it widens nothing.`;
    case "widening":
      return `Beside its own clients it lets in those of every CA under it, also of CAs to come. Members of this version under it: ${covers.length}.`;
  }
}

/** Said once for all anchors of which nothing else is said. */
export const unlimitedDepth = "Where no number is told, any number of further CAs may stand under an anchor.";

function depthText(furtherCas: number): string {
  return furtherCas === 0
    ? "No CA may stand under it: client certificates are its own (pathLenConstraint 0)."
    : `At most ${plural(furtherCas, "further CA")} may stand between it and a client (pathLenConstraint ${furtherCas}).`;
}

function listed(fingerprints: readonly string[], names: (fingerprint: string) => string): string {
  const shown = fingerprints.slice(0, 3).map(names).join(", ");
  return fingerprints.length > 3 ? `${shown} and ${fingerprints.length - 3} more` : shown;
}

/** How many anchors of which kind there are, and what trusting the lowest alone would change. Pure. */
export function trustSummary({ anchors, pinning }: EffectiveTrustView): string {
  const wide = anchors.filter(({ role }) => role === "widening").length;
  if (wide === 0) return `${plural(anchors.length, "trust anchor")}, and none trusts CAs beyond its own clients.`;
  const dropped = pinning.dropped.length;
  const whom = wide === 1 ? "lets in clients of every CA under it" : "let in clients of every CA under them";
  return `${wide} of ${plural(anchors.length, "trust anchor")} ${whom}, also of CAs to come. Trusting only the lowest CAs would leave out ${plural(dropped, "certificate")} and keep ${pinning.kept.length}.`;
}

/** The names by which anchors are called. */
export function namesOf(anchors: readonly AnchorTrust[]): (fingerprint: string) => string {
  const names = new Map(anchors.map(({ fingerprint, subject }) => [fingerprint, shortName(subject)]));
  return (fingerprint) => names.get(fingerprint) ?? fingerprint.slice(0, 12);
}
