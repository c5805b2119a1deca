import type { UnixMillis } from "@tcm/core";
import type { Queries } from "../store/store.ts";
import type { SessionTable } from "./session-table.ts";
import type { NodeSession } from "./node-session.ts";

const soonMs = 1_000;

/** A session lasts no longer than the certificate with which it began; the node has a newer one by then. */
export function endExpired(fleet: Pick<SessionTable, "sessions">, now: UnixMillis): void {
  for (const session of fleet.sessions())
    if (now > session.node.certificateNotAfter) session.end("The certificate of this session has run out.", soonMs);
}

/** Ends the sessions of nodes that were removed, have joined anew, or are connected to another process by now. */
export async function endUnwanted(
  fleet: Pick<SessionTable, "sessions" | "endReplaced">,
  queries: Queries,
  controlPlaneId: string,
): Promise<void> {
  // Before the rows: one that connects in between has a newer row than any that is read here.
  const sessions = fleet.sessions();
  if (sessions.length === 0) return;
  const rows = await queries.selectFrom("edge_nodes").select(["id", "enrolment_id", "connected_to"]).execute();
  const nodes = new Map(rows.map((row) => [row.id, row]));
  for (const session of sessions) {
    const row = nodes.get(session.node.nodeId);
    if (row?.enrolment_id !== session.node.enrolmentId) endRemoved(session);
    else if (row.connected_to !== null && row.connected_to !== controlPlaneId) fleet.endReplaced(session);
  }
}

function endRemoved(session: NodeSession): void {
  session.end("The node was removed, or has joined anew.", soonMs);
}
