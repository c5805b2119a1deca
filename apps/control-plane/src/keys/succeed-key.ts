import { type Generation, type KeySuccessor, type Network, successorBytes } from "@tcm/core";
import type { Queries } from "../store/store.ts";
import type { OperatorKey } from "./operator-key.ts";
import { keyInUse, makeKey, openSigningKey } from "./signing-keys.ts";

/** Makes a new key for a network, by the word of the one in use; from that generation on it alone signs. */
export type SucceedKey = (
  queries: Queries,
  network: Network,
  from: Generation,
  when: { readonly at: string; readonly by: string },
) => Promise<KeySuccessor>;

/** The retired private key is thrown away: it is of use to nobody honest. */
export function keySuccession(operatorKey: OperatorKey): SucceedKey {
  return async (queries, network, from, { at, by }) => {
    const old = await keyInUse(queries, network);
    if (old === undefined) throw new Error(`${network} has no signing key`);
    const fresh = await makeKey(queries, operatorKey, network, at);
    const said = { network, keyId: old.key_id, successor: { keyId: fresh.key_id, spki: fresh.spki }, from };
    const signature = openSigningKey(operatorKey, old).sign(successorBytes(said));
    const row = { network, key_id: old.key_id, successor_key_id: fresh.key_id, signature };
    await queries
      .insertInto("signing_key_successors")
      .values({ ...row, epoch: from.epoch, generation: from.number, created_at: at, created_by: by })
      .execute();
    await queries
      .updateTable("signing_keys")
      .set({ retired_at: at, private_key_sealed: "" })
      .where("network", "=", network)
      .where("key_id", "=", old.key_id)
      .execute();
    return { ...said, signature };
  };
}
