import type { Network } from "@tcm/core";
import type { Queries } from "../../store/store.ts";

/** Kept of each set and network; a client that was not seen for longer than the others makes room. */
export const maxClients = 10_000;

/** Undefined where it cannot be known: no client was ever counted here, or so many that some were forgotten. */
export async function letInBefore<T extends { readonly fingerprint: string }>(
  queries: Queries,
  { network, caSetId }: { readonly network: Network; readonly caSetId: number },
  rows: readonly T[],
): Promise<readonly T[] | undefined> {
  const clients = await queries
    .selectFrom("handshake_clients")
    .select("fingerprint")
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    .execute();
  if (clients.length === 0 || clients.length >= maxClients) return undefined;
  const known = new Set(clients.map(({ fingerprint }) => fingerprint));
  return rows.filter(({ fingerprint }) => known.has(fingerprint));
}
