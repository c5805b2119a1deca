import type { ActivationView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { Actor } from "../actor.ts";
import { viewActivation } from "./activation-row.ts";
import { beginActivation } from "./begin-activation.ts";
import { findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import { type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { done } from "../refuse.ts";
import { type ActivationWish, refuseDeactivate } from "./refuse-activation.ts";
import { refuseDeployment } from "../refuse-missing-right.ts";
import { findLivingVersion } from "../versions/version-row.ts";

/** Takes the set off a network: its nodes serve nothing of it any more, and nobody depends on it. */
export async function deactivateVersion(
  context: DeploymentContext,
  actor: Actor,
  caSetId: number,
  wish: ActivationWish,
): Promise<Outcome<ActivationView>> {
  const missing = refuseDeployment(actor, wish.network);
  if (missing !== undefined) return missing;
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<ActivationView>> => {
    const found = await findLivingCaSet(queries, caSetId);
    if (!found.ok) return found;
    const caSet = found.value;
    const version = await findLivingVersion(queries, caSet, wish.version);
    if (!version.ok) return version;
    const refusal = await refuseDeactivate(queries, caSet, wish);
    if (refusal !== undefined) return refusal;
    const activation = { caSet, type: "DEACTIVATE", content: null, ...wish } as const;
    const begun = await beginActivation(queries, announce, context, actor, activation);
    return done(await viewActivation(queries, caSet, begun, []));
  });
}
