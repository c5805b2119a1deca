import type { CaSetView, EdgeCertificateView, EdgeNodeView, OverviewView } from "@tcm/api-contract";
import { endingAttention } from "./certificates-attention.ts";
import { failedAttention } from "./deployments-attention.ts";
import { nodeAttention } from "./nodes-attention.ts";
import { openAttention } from "./openings-attention.ts";
import type { Place } from "./place.ts";
import { setAttention } from "./sets-attention.ts";

/** One thing that somebody should look at: what it is, and the one place to go for it. */
export type Attention = {
  readonly key: string;
  readonly gravity: Gravity;
  readonly title: string;
  readonly detail?: string;
  readonly place: Place;
  /** What is done there, as the link says it. */
  readonly action: string;
};

/** `danger`: somebody is let in or locked out who should not be. `warning`: will be. `info`: something is left to do. */
export type Gravity = "danger" | "warning" | "info";

export type Look = {
  readonly sets: readonly CaSetView[];
  readonly nodes: readonly EdgeNodeView[];
  readonly edgeCertificates: readonly EdgeCertificateView[];
  readonly overview: OverviewView;
  readonly nowMs: number;
  readonly mayDeployProduction: boolean;
};

const gravities: readonly Gravity[] = ["danger", "warning", "info"];

/** What needs attention, the gravest first; of the same gravity doors that stand open before those that are stuck. Pure. */
export function attentionOf(look: Look): readonly Attention[] {
  const found = [
    ...openAttention(look),
    ...failedAttention(look),
    ...endingAttention(look),
    ...nodeAttention(look),
    ...setAttention(look),
  ];
  return gravities.flatMap((gravity) => found.filter((one) => one.gravity === gravity));
}
