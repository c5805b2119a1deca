import type { ActivationView, CaSetView, EdgeNodeView, OverviewView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { activeVersion } from "../deployment/list-activations.ts";
import { networkName } from "../deployment/network-option.ts";
import { describeBehind, rejectedEntries, wordsOf } from "./entry-trouble.ts";
import type { CaSetStatus, Status } from "./read-status.ts";

/** One thing that somebody should look at. */
export type Attention = {
  readonly kind: "failed" | "rejected" | "drifted" | "disconnected" | "expired" | "expiring";
  readonly what: string;
  readonly detail: string;
};

const dayMs = 86_400_000;

/** `2`, or `2 → 3 (50 %)` while a change is running, or a dash. */
export function describeNetwork({ caSet, activations }: CaSetStatus, network: Network): string {
  const active = activeVersion(caSet, network);
  const running = activations.find(
    (activation) => activation.network === network && activation.activationStatus === "IN_PROGRESS",
  );
  const now = active === null ? "-" : String(active);
  if (running === undefined) return now;
  const next = running.activationType === "ACTIVATE" ? String(running.version) : "-";
  return `${now} → ${next} (${running.percentComplete} %)`;
}

/** What needs a person, the worst first. */
export function findAttention({ caSets, edgeNodes, expiringCertificates }: Status, now: number): readonly Attention[] {
  const awaited = edgeNodes.filter(({ drained }) => !drained).map((node) => withNames(node, caSets));
  const disconnected = awaited
    .filter(({ isConnected }) => !isConnected)
    .map((node): Attention => ({ kind: "disconnected", what: node.nodeId, detail: whyAway(node) }));
  const expiring = expiringCertificates.map((certificate) => describeExpiring(certificate, now));
  return [
    ...caSets.flatMap(findFailed),
    ...awaited.flatMap(findRejected),
    ...disconnected,
    ...awaited.flatMap(findDrifted),
    ...expiring,
  ];
}

function whyAway({ lastSeenDate, isCertificateExpired, certificateExpiryDate }: EdgeNodeView): string {
  const since = lastSeenDate === null ? "never seen" : `last seen ${lastSeenDate}`;
  return isCertificateExpired
    ? `${since}; its certificate ran out on ${certificateExpiryDate}: make a join token`
    : since;
}

/** Entries of CA sets by their names, `partners (ca-set/1)`: nobody knows the ids by heart. */
function withNames(node: EdgeNodeView, caSets: Status["caSets"]): EdgeNodeView {
  const names = new Map(caSets.map(({ caSet }) => [`ca-set/${caSet.caSetId}`, caSet.caSetName]));
  const named = (entryId: string): string => (names.has(entryId) ? `${names.get(entryId)} (${entryId})` : entryId);
  return { ...node, entries: node.entries.map((entry) => ({ ...entry, entryId: named(entry.entryId) })) };
}

/** In the words of the engine: they are what has to be mended. */
function findRejected(node: EdgeNodeView): readonly Attention[] {
  return rejectedEntries(node).map((entry) => ({
    kind: "rejected",
    what: `${entry.entryId} by ${node.nodeId}`,
    detail: wordsOf(entry) || "no reason given",
  }));
}

function findDrifted({ nodeId, entries }: EdgeNodeView): readonly Attention[] {
  const behind = entries.filter(({ isDrifted, state }) => isDrifted && state !== "rejected");
  if (behind.length === 0) return [];
  return [{ kind: "drifted", what: nodeId, detail: behind.map(describeBehind).join("; ") }];
}

/** A failure counts until something newer was tried on that network. */
function findFailed({ caSet, activations }: CaSetStatus): readonly Attention[] {
  const newest = (network: Network): ActivationView | undefined =>
    activations.find((activation) => activation.network === network);
  return [newest("STAGING"), newest("PRODUCTION")]
    .filter((activation) => activation?.activationStatus === "FAILED")
    .flatMap((activation) => (activation === undefined ? [] : [describeFailed(caSet, activation)]));
}

function describeFailed({ caSetName }: CaSetView, { network, version, failureReason }: ActivationView): Attention {
  return {
    kind: "failed",
    what: `${caSetName}@${version} on ${networkName[network]}`,
    detail: failureReason ?? "no reason given",
  };
}

function describeExpiring(
  { caSetName, version, subject, endDate }: OverviewView["expiringCertificates"][number],
  now: number,
): Attention {
  const isOver = Date.parse(endDate) < now;
  const days = Math.floor((Date.parse(endDate) - now) / dayMs);
  const detail = isOver ? `expired on ${endDate}` : `expires on ${endDate}, in ${days} days`;
  return { kind: isOver ? "expired" : "expiring", what: `${caSetName}@${version}: ${subject}`, detail };
}
