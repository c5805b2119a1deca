import type { ActivationView } from "@tcm/api-contract";
import { consoleWords } from "../text/console-words.ts";
import { networkName } from "../text/network-name.ts";

/** What is known of the network beside the deployment itself. */
export type Around = {
  /** The version that the network serves of the set; null: none. */
  readonly active: number | null;
  /** The newest deployment of the set on the network; undefined: not known yet. */
  readonly newest: Pick<ActivationView, "activationId" | "version"> | undefined;
};

export type Outcome =
  | "complete"
  /** The change stays in force. */
  | "kept"
  /** What was there before goes out again. */
  | "restored"
  /** It went no further than to its first node, which keeps it. */
  | "stopped"
  /** Something newer decides what is served now. */
  | "followed";

/** Spec §6: how it ended, and what is served since. Undefined while it runs, or as long as it is not known. Pure. */
export function outcomeOf(activation: ActivationView, { active, newest }: Around): Outcome | undefined {
  const { activationStatus, activationType, activationId, version, removesTrustOnly, oneNodeFirst } = activation;
  if (activationStatus === "IN_PROGRESS" || newest === undefined) return undefined;
  if (newest.activationId !== activationId) return "followed";
  if (activationStatus === "COMPLETE") return "complete";
  if (active === (activationType === "ACTIVATE" ? version : null)) return "kept";
  return removesTrustOnly && oneNodeFirst?.releasedDate === null && !isCancelled(activation) ? "stopped" : "restored";
}

/** What was put back, or not, and why. Pure. */
export function outcomeText(activation: ActivationView, outcome: Outcome): string {
  const { version, previousVersion, removesTrustOnly, oneNodeFirst, network } = activation;
  const where = networkName[network];
  const before = previousVersion === null ? "nothing of this set" : `version ${previousVersion}`;
  switch (outcome) {
    case "complete":
      return activation.activationType === "ACTIVATE"
        ? `${where} serves version ${version}.`
        : `${where} serves nothing of this set any more.`;
    case "kept":
      return removesTrustOnly
        ? "It stays in force. It only takes trust away, and what was distrusted is never put back by itself: a node that cannot let go must not make the others trust again."
        : "It stays in force. The nodes that are behind follow when they can, and are shown as behind until then.";
    case "restored":
      return `${capital(before)} goes out again to every node, as a new generation, and is what ${where.toLowerCase()} serves.`;
    case "stopped":
      return `It only takes trust away and went no further than ${oneNodeFirst?.nodeId ?? "its first node"}, which keeps it: what was distrusted is never put back by itself. The other nodes keep ${before}. Deploy that again to take the first node back, or this to go on.`;
    case "followed":
      return "Another deployment has followed it, and decides what is served now.";
  }
}

/** Why it failed. What else was done about it is ours to tell, and is told once. Pure. */
export function reasonText(failureReason: string, outcome: Outcome | undefined): string {
  const reason = consoleWords(failureReason).replaceAll(/ \((expected|delivered|applied)\)(?=[,. ])/g, lateText);
  const told = outcome === undefined ? undefined : toldByOutcome[outcome];
  return told === undefined ? reason : reason.replace(told, "");
}

const toldByOutcome: Partial<Readonly<Record<Outcome, RegExp>>> = {
  kept: / (?:These nodes converge when they can|The change only removes trust and stays in force elsewhere)\.$/,
  restored: / The previous content is being deployed again\.$/,
};

function lateText(_: string, state: "expected" | "delivered" | "applied"): string {
  return { expected: " (nothing was heard of it)", delivered: " (not applied yet)", applied: " (not proved yet)" }[
    state
  ];
}

/** What a person who cancels puts back. */
export function cancelText({ previousVersion, removesTrustOnly }: ActivationView): string {
  const before = previousVersion === null ? "Nothing of this set" : `Version ${previousVersion}`;
  const again = removesTrustOnly ? " The CAs that this takes out are trusted again." : "";
  return `It ends as failed. ${before} goes out again to every node.${again}`;
}

/** The server says so in its first words. */
export function isCancelled({ failureReason }: Pick<ActivationView, "failureReason">): boolean {
  return failureReason?.startsWith("Cancelled by ") ?? false;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
