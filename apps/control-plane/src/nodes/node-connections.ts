import type { Http2SecureServer, ServerHttp2Session } from "node:http2";
import { addressGroup } from "@tcm/core";
import type { NodeAuthorities } from "../keys/node-authorities.ts";
import type { Clock } from "../operations/actor.ts";
import { openCrowd } from "../limits/crowd.ts";
import { type ConnectedNode, type Peer, readPeer } from "./node-peer.ts";

/** Long enough to join. */
const strangerMs = 15_000;
/** Connections without a good certificate, at the same time, in all and of one address: who holds many shuts nobody else out. */
const strangerRoom = { most: 200, mostOfGroup: 40, patienceMs: 5_000 };
/** An agent has one. Those that its machine lost without a word are not noticed at once. */
const roomOfNode = { most: Number.POSITIVE_INFINITY, mostOfGroup: 16, patienceMs: Number.POSITIVE_INFINITY };
const now = () => performance.now();

/** Who is at the other end of each connection. */
export type Connections = {
  peerOf(session: ServerHttp2Session | undefined): Peer;
  /** The peer's certificate is good no more, or nobody knows its node: it is a stranger from now on. */
  estrange(session: ServerHttp2Session, code: Extract<Peer, string>): void;
  all(): Iterable<ServerHttp2Session>;
};

/**
 * Those without a good certificate may stay for as long as joining takes. A certificate of ours says only what was true when it was
 * made, so that it opens a few connections, not any number.
 */
export function watchConnections(server: Http2SecureServer, authorities: NodeAuthorities, clock: Clock): Connections {
  const peers = new Map<ServerHttp2Session, Peer>();
  const strangers = openCrowd(strangerRoom, now);
  const nodes = openCrowd(roomOfNode, now);

  const admitStranger = (session: ServerHttp2Session): boolean => {
    const leave = strangers.enter(addressGroup(session.socket.remoteAddress ?? ""), () => session.destroy());
    if (leave === undefined) return false;
    const timer = setTimeout(() => session.destroy(), strangerMs);
    session.once("close", () => {
      leave();
      clearTimeout(timer);
    });
    return true;
  };
  const admitNode = (session: ServerHttp2Session, { enrolmentId }: ConnectedNode): boolean => {
    const leave = nodes.enter(enrolmentId, () => session.destroy());
    if (leave !== undefined) session.once("close", leave);
    return leave !== undefined;
  };

  server.on("session", (session) => {
    session.on("error", () => session.destroy());
    const peer = readPeer(session, authorities, clock());
    const isAdmitted = typeof peer === "string" ? admitStranger(session) : admitNode(session, peer);
    if (!isAdmitted) return session.destroy();
    peers.set(session, peer);
    session.once("close", () => peers.delete(session));
    return undefined;
  });
  return {
    peerOf: (session) => (session && peers.get(session)) ?? "no-certificate",
    estrange: (session, code) => {
      // Requests at the same time may all find it out.
      if (session.destroyed || typeof peers.get(session) !== "object") return;
      peers.set(session, code);
      if (!admitStranger(session)) session.destroy();
    },
    all: () => peers.keys(),
  };
}
