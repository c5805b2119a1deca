import type { CaNames } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { boundEdgeCertificates, edgeCertificateEntryId } from "../edge-certificates/edge-certificate-row.ts";
import { isExpected } from "../edge-nodes/expected-nodes.ts";
import { caSetEntryId } from "../versions/version-content.ts";

export type NamesPlace = { readonly network: Network; readonly at: string };

/**
 * Who on the network tells clients the names of the set's CAs, in words: edge certificates that ask for it, and nodes whose own
 * listeners are made so. Past 64 KiB of names every handshake fails there, so that such a set is not deployed (edges.md §3.2).
 */
export async function caNameSenders(queries: Queries, caSetId: number, place: NamesPlace): Promise<readonly string[]> {
  const bound = await boundEdgeCertificates(queries, caSetId);
  const asking = bound.filter(({ send_ca_list_to_client }) => send_ca_list_to_client === 1);
  const entryIds = [caSetEntryId(caSetId), ...bound.map(({ id }) => edgeCertificateEntryId(id))];
  const nodes = await nodesThatSendNames(queries, place, entryIds);
  return [...asking.map(({ id }) => `edge certificate ${id}`), ...nodes.map((id) => `node ${id}`)];
}

/** Nodes whose own listeners tell clients the names of what these entries trust; ascending. One that does not say is none. */
export async function nodesThatSendNames(
  queries: Queries,
  { network, at }: NamesPlace,
  entryIds: readonly string[],
): Promise<readonly string[]> {
  const nodes = await queries
    .selectFrom("edge_nodes")
    .select(["id", "sends_ca_names"])
    .where("network", "=", network)
    .where("sends_ca_names", "is not", null)
    .where(isExpected(at))
    .orderBy("id")
    .execute();
  return nodes.filter(({ sends_ca_names }) => sendsAny(sends_ca_names, entryIds)).map(({ id }) => id);
}

function sendsAny(stored: string | null, entryIds: readonly string[]): boolean {
  const names = JSON.parse(stored ?? "[]") as CaNames;
  return names === "every" || names.some((entryId) => entryIds.includes(entryId));
}

const mostNamed = 5;

/** "node a, node b and 3 more". */
export function listSenders(senders: readonly string[]): string {
  const more = senders.length - mostNamed;
  return senders.slice(0, mostNamed).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
