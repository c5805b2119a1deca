import { authenticateNode } from "../operations/edge-nodes/enrol-node.ts";
import type { Peer } from "./node-peer.ts";
import type { NodeServerOptions } from "./node-server.ts";
import { openUnknownEnrolments } from "./unknown-enrolments.ts";

/** Whether whoever is at the other end is still good, for each request. Answers the peer, or why not. */
export type AuthenticatePeer = (peer: Peer) => Promise<Peer>;

export function peerAuthentication({ context, fleet }: NodeServerOptions): AuthenticatePeer {
  const unknown = openUnknownEnrolments();
  return async (peer) => {
    if (typeof peer === "string") return peer;
    const now = context.clock();
    if (now > peer.certificateNotAfter) return "certificate-expired";
    // Whoever is not wanted any more has no session: what it fetches within one costs no look-up.
    if (fleet.sessionOf(peer.nodeId)?.node.enrolmentId === peer.enrolmentId) return peer;
    if (unknown.has(peer.enrolmentId, now)) return "node-unknown";
    if ((await authenticateNode(context.store.db, peer)) !== undefined) return peer;
    unknown.add(peer.enrolmentId, now);
    return "node-unknown";
  };
}
