import { type Network, successorBytes } from "@tcm/core";
import { recordAudit } from "../audit/record-audit.ts";
import type { OperatorKey } from "../keys/operator-key.ts";
import { keyInUse, makeKey, openSigningKey, type SigningKeyRow } from "../keys/signing-keys.ts";
import { nextGeneration } from "../manifest/write-entry.ts";
import type { Queries } from "../store/store.ts";
import { type Actor, timestamp } from "./actor.ts";
import { type DeploymentContext, deploymentTransaction } from "./deployment-context.ts";
import { readSigningKey, type SigningKeyView } from "./signing-key-view.ts";

export type RotationContext = DeploymentContext & { readonly operatorKey: OperatorKey };

/**
 * Gives a network another signing key, by the word of the one in use, which retires with it: nodes take it over while they serve,
 * or when they come back. The retired private key is thrown away.
 */
export async function rotateSigningKey(
  context: RotationContext,
  actor: Actor,
  network: Network,
): Promise<SigningKeyView> {
  return deploymentTransaction(context, async (queries, announce) => {
    const at = timestamp(context.clock());
    const old = await keyInUse(queries, network);
    if (old === undefined) throw new Error(`${network} has no signing key`);
    const fresh = await succeed(queries, context.operatorKey, old, actor, at);
    announce(network);
    return readSigningKey(queries, network, fresh.key_id);
  });
}

async function succeed(
  queries: Queries,
  operatorKey: OperatorKey,
  old: SigningKeyRow,
  { name: by }: Actor,
  at: string,
): Promise<SigningKeyRow> {
  const { network, key_id: keyId } = old;
  const fresh = await makeKey(queries, operatorKey, network, at);
  // No entry has this number: what was written before is lower, and what comes after is higher.
  const from = await nextGeneration(queries, network);
  const said = { network, keyId, successor: { keyId: fresh.key_id, spki: fresh.spki }, from };
  const signature = openSigningKey(operatorKey, old).sign(successorBytes(said));
  await queries
    .insertInto("signing_key_successors")
    .values({
      network,
      key_id: keyId,
      successor_key_id: fresh.key_id,
      epoch: from.epoch,
      generation: from.number,
      signature,
      created_at: at,
      created_by: by,
    })
    .execute();
  await queries
    .updateTable("signing_keys")
    .set({ retired_at: at, private_key_sealed: "" })
    .where("network", "=", network)
    .where("key_id", "=", keyId)
    .execute();
  const subject = { network, keyId, successorKeyId: fresh.key_id, from };
  await recordAudit(queries, { at, by, action: "ROTATE_SIGNING_KEY", subject });
  return fresh;
}
