import type { SigningKeyView as SigningKeyAnswer } from "@tcm/api-contract";
import { formatGeneration, type Network } from "@tcm/core";
import type { Queries } from "../../store/store.ts";

export type SigningKeyView = SigningKeyAnswer;

/** The public half of every key that ever signed, by network, newest first. */
export async function listSigningKeys(queries: Queries): Promise<readonly SigningKeyView[]> {
  const rows = await queries
    .selectFrom("signing_keys as key")
    .leftJoin("signing_key_successors as said", (join) =>
      join.onRef("said.network", "=", "key.network").onRef("said.key_id", "=", "key.key_id"),
    )
    .select(["key.network", "key.key_id", "key.spki", "key.created_at", "key.retired_at"])
    .select(["said.successor_key_id", "said.epoch", "said.generation", "said.created_by"])
    .execute();
  const views = rows.map(
    (row): SigningKeyView => ({
      network: row.network,
      keyId: row.key_id,
      spki: row.spki,
      status: row.retired_at === null ? "IN_USE" : "RETIRED",
      createdDate: row.created_at,
      retiredDate: row.retired_at,
      retiredBy: row.created_by,
      successorKeyId: row.successor_key_id,
      retiredFromGeneration:
        row.epoch === null || row.generation === null
          ? null
          : formatGeneration({ epoch: row.epoch, number: row.generation }),
    }),
  );
  return views.toSorted(byNetworkThenNewest);
}

function byNetworkThenNewest(a: SigningKeyView, b: SigningKeyView): number {
  if (a.network !== b.network) return a.network === "STAGING" ? -1 : 1;
  if (a.status !== b.status) return a.status === "IN_USE" ? -1 : 1;
  return a.createdDate < b.createdDate ? 1 : -1;
}

export async function readSigningKey(queries: Queries, network: Network, keyId: string): Promise<SigningKeyView> {
  const found = (await listSigningKeys(queries)).find((view) => view.network === network && view.keyId === keyId);
  if (found === undefined) throw new Error(`${network} has no key ${keyId}`);
  return found;
}
