import type { HandshakeClient } from "@tcm/api-contract";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import type { SetAnchors } from "../versions/anchors-of-sets.ts";
import { maxClients } from "./let-in-before.ts";
import type { NodeHandshakes } from "./record-handshakes.ts";

type ClientRow = ReturnType<typeof clientRow>;

/** Six columns each; SQLite takes 32,766 values in one statement. */
const rowsAtOnce = 1_000;

/** Keeps when each client was last let in, of so many of each set and network. */
export async function noteClients(
  queries: Queries,
  said: readonly NodeHandshakes[],
  anchors: SetAnchors,
  now: number,
): Promise<void> {
  const rows = newestOfEach(said.flatMap((report) => clientRows(report, anchors, now)));
  await storeClients(queries, rows);
  const tables = new Map(rows.map(({ network, ca_set_id }) => [`${network} ${ca_set_id}`, { network, ca_set_id }]));
  for (const table of tables.values()) await dropOldClients(queries, table);
}

function clientRows({ node, report }: NodeHandshakes, anchors: SetAnchors, now: number): readonly ClientRow[] {
  return report.clients
    .filter(({ caSetId, anchor }) => anchors.get(caSetId)?.has(anchor))
    .map((client) => clientRow(node, client, now));
}

function clientRow({ network }: AuthenticatedNode, client: HandshakeClient, now: number) {
  return {
    network,
    ca_set_id: Number(client.caSetId),
    fingerprint: client.fingerprint,
    anchor: client.anchor,
    not_after: timestamp(client.notAfter * 1_000),
    last_seen_at: timestamp(Math.min(client.lastSeen * 1_000, now)),
  };
}

/** In one order, so that two writers never wait for each other. */
function newestOfEach(rows: readonly ClientRow[]): readonly ClientRow[] {
  const newest = new Map<string, ClientRow>();
  for (const row of rows) {
    const key = `${row.network} ${row.ca_set_id} ${row.fingerprint}`;
    if ((newest.get(key)?.last_seen_at ?? "") <= row.last_seen_at) newest.set(key, row);
  }
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

async function storeClients(queries: Queries, rows: readonly ClientRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await queries
      .insertInto("handshake_clients")
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict
          .columns(["network", "ca_set_id", "fingerprint"])
          .doUpdateSet((eb) => ({ anchor: eb.ref("excluded.anchor"), last_seen_at: eb.ref("excluded.last_seen_at") }))
          .whereRef("handshake_clients.last_seen_at", "<", "excluded.last_seen_at"),
      )
      .execute();
  }
}

async function dropOldClients(
  queries: Queries,
  { network, ca_set_id }: Pick<ClientRow, "network" | "ca_set_id">,
): Promise<void> {
  const last = await queries
    .selectFrom("handshake_clients")
    .select("last_seen_at")
    .where("network", "=", network)
    .where("ca_set_id", "=", ca_set_id)
    .orderBy("last_seen_at", "desc")
    .offset(maxClients)
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return;
  await queries
    .deleteFrom("handshake_clients")
    .where("network", "=", network)
    .where("ca_set_id", "=", ca_set_id)
    .where("last_seen_at", "<=", last.last_seen_at)
    .execute();
}
