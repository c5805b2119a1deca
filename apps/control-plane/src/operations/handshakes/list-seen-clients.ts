import type { SeenClientList } from "@tcm/api-contract";
import type { Network, Outcome } from "@tcm/core";
import { findCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { done } from "../refuse.ts";
import { anchorSubjects } from "./anchor-subjects.ts";

export type ClientQuestion = {
  readonly caSetId: number;
  readonly network: Network;
  readonly anchor?: string | undefined;
  readonly limit: number;
};

export async function listSeenClients(
  { store: { db } }: Pick<OperationContext, "store">,
  { caSetId, network, anchor, limit }: ClientQuestion,
): Promise<Outcome<SeenClientList>> {
  const found = await findCaSet(db, caSetId);
  if (!found.ok) return found;
  const all = db
    .selectFrom("handshake_clients")
    .selectAll()
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    .orderBy("last_seen_at", "desc")
    .orderBy("fingerprint")
    .limit(limit);
  const rows = await (anchor === undefined ? all : all.where("anchor", "=", anchor)).execute();
  const subjects = await anchorSubjects(db, [...new Set(rows.map((row) => row.anchor))]);
  const clients = rows.map((row) => ({
    fingerprint: row.fingerprint,
    anchor: row.anchor,
    anchorSubject: subjects.get(row.anchor) ?? null,
    expiryDate: row.not_after,
    lastSeenDate: row.last_seen_at,
  }));
  return done({ caSetId: String(caSetId), network, clients });
}
