import type { KeySuccessor, Network } from "@tcm/core";
import { recordAudit } from "../../audit/record-audit.ts";
import type { SucceedKey } from "../../keys/succeed-key.ts";
import { nextGeneration } from "../../manifest/write-entry.ts";
import { type Actor, timestamp } from "../actor.ts";
import { type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { readSigningKey, type SigningKeyView } from "./signing-key-view.ts";

export type RotationContext = DeploymentContext & { readonly succeedKey: SucceedKey };

/**
 * Gives a network another signing key, by the word of the one in use, which retires with it: nodes take it over while they serve,
 * or when they come back.
 */
export async function rotateSigningKey(
  context: RotationContext,
  actor: Actor,
  network: Network,
): Promise<SigningKeyView> {
  return deploymentTransaction(context, async (queries, announce) => {
    const at = timestamp(context.clock());
    // No entry has this number: what was written before is lower, and what comes after is higher.
    const from = await nextGeneration(queries, network);
    const said = await context.succeedKey(queries, network, from, { at, by: actor.name });
    await recordAudit(queries, { at, by: actor.name, action: "ROTATE_SIGNING_KEY", subject: subjectOf(said) });
    announce(network);
    return readSigningKey(queries, network, said.successor.keyId);
  });
}

function subjectOf({ network, keyId, successor, from }: KeySuccessor) {
  return { network, keyId, successorKeyId: successor.keyId, from };
}
