import type { EffectiveTrustView } from "@tcm/api-contract";
import { type AnchorTrust, type EffectiveTrust, escapeText } from "@tcm/core";
import { count } from "../output/count.ts";

type Trust = EffectiveTrust | EffectiveTrustView;
type Anchor = AnchorTrust | EffectiveTrustView["anchors"][number];

const roleWords: Readonly<Record<Anchor["role"], string>> = {
  issuing: "lets in its own clients",
  pinned: "widens nothing: another member lets its clients in too",
  widening: "also lets in the clients of every other CA below it, now and later",
};

/** At most so many anchors are told one by one; the rest is counted. */
const maxListed = 12;

/** What the set really trusts: one line an anchor, and what trusting only the lowest members would change. */
export function renderEffectiveTrust({ anchors, pinning }: Trust): string {
  const listed = anchors.slice(0, maxListed).map(renderAnchor);
  const more = anchors.length > maxListed ? [`  … and ${count(anchors.length - maxListed, "more anchor")}`] : [];
  const lines = [`effective trust: ${count(anchors.length, "anchor")}`, ...listed, ...more, ...renderPinning(pinning)];
  return lines.map((line) => `${line}\n`).join("");
}

function renderAnchor({ subject, fingerprint, role, letsIn }: Anchor): string {
  const limits = [
    ...(letsIn.clientAuth ? [] : ["its extendedKeyUsage lets in nobody"]),
    ...(letsIn.furtherCas === undefined ? [] : [`at most ${count(letsIn.furtherCas, "CA")} below it`]),
    ...(letsIn.permittedNames === undefined ? [] : [`only names in ${letsIn.permittedNames.join(", ")}`]),
    ...(letsIn.excludedNames === undefined ? [] : [`no names in ${letsIn.excludedNames.join(", ")}`]),
  ];
  const name = subject === "" ? "(no subject)" : subject;
  const words = [`${name}  [${fingerprint.slice(0, 12)}]  ${roleWords[role]}`, ...limits].join("; ");
  return `  ${escapeText(words)}`;
}

function renderPinning({ kept, dropped }: Trust["pinning"]): readonly string[] {
  if (dropped.length === 0) return [];
  const names = dropped.slice(0, maxListed).map(({ subject }) => escapeText(subject));
  const rest = dropped.length > maxListed ? ` and ${dropped.length - maxListed} more` : "";
  return [
    `  Trusting only the ${count(kept.length, "lowest member")} would drop ${names.join("; ")}${rest}: clients of the CAs kept stay, those of other CAs below lose access.`,
  ];
}
