import type { ActivationView, CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";

/** A version on a network, from when to when. */
export type Span = {
  readonly kind: "served";
  readonly network: Network;
  readonly version: number;
  readonly fromMs: number;
  /** undefined: it is served now. */
  readonly untilMs: number | undefined;
  readonly activation: ActivationView;
};

/** A deployment that changed nothing for the network: it failed, or it is under way. */
export type Mark = {
  readonly kind: "failed" | "running";
  readonly network: Network;
  readonly atMs: number;
  readonly activation: ActivationView;
};

export type NetworkHistory = {
  readonly network: Network;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
};

type Active = Pick<CaSetView, "stagingVersion" | "productionVersion">;

/** Which version ran on each network from when to when, and what failed there. Activations come newest first. Pure. */
export function historyOf(activations: readonly ActivationView[], active: Active): readonly NetworkHistory[] {
  return (["STAGING", "PRODUCTION"] as const).map((network) => {
    const mine = activations.filter((one) => one.network === network).toReversed();
    const now = network === "STAGING" ? active.stagingVersion : active.productionVersion;
    return { network, spans: spansOf(mine, network, now), marks: mine.flatMap(markOf) };
  });
}

/**
 * An activation knows what was there before it, and so the one behind it knows what it left: a failed one can have put its version in
 * force (its deadline passed, spec §6) or not (a node rejected it), and a withdrawal leaves nothing.
 */
function spansOf(oldestFirst: readonly ActivationView[], network: Network, now: number | null): readonly Span[] {
  const spans: Span[] = [];
  oldestFirst.forEach((activation, i) => {
    const after = oldestFirst[i + 1] === undefined ? now : (oldestFirst[i + 1]?.previousVersion ?? null);
    if (after === activation.previousVersion || activation.activationStatus === "IN_PROGRESS") return;
    const atMs = endOf(activation);
    const last = spans.at(-1);
    if (last?.untilMs === undefined && last !== undefined) spans[spans.length - 1] = { ...last, untilMs: atMs };
    if (after !== null)
      spans.push({ kind: "served", network, version: after, fromMs: atMs, untilMs: undefined, activation });
  });
  return spans;
}

function markOf(activation: ActivationView): readonly Mark[] {
  const { activationStatus, network, createdDate } = activation;
  if (activationStatus === "COMPLETE") return [];
  if (activationStatus === "FAILED") return [{ kind: "failed", network, atMs: endOf(activation), activation }];
  return [{ kind: "running", network, atMs: Date.parse(createdDate), activation }];
}

function endOf({ modifiedDate, createdDate }: ActivationView): number {
  return Date.parse(modifiedDate ?? createdDate);
}
