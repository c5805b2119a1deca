import type { Http2SecureServer, ServerHttp2Session } from "node:http2";
import type { NodeAuthorities } from "../keys/node-authorities.ts";
import type { Clock } from "../operations/actor.ts";
import { type Peer, readPeer } from "./node-peer.ts";

/** Long enough to join. */
const strangerMs = 15_000;
/** Connections without a good certificate, at the same time. */
const maxStrangers = 200;

export type Peers = ReadonlyMap<ServerHttp2Session, Peer>;

/** Who is at the other end of each connection. Those without a good certificate may stay for as long as joining takes. */
export function watchConnections(server: Http2SecureServer, authorities: NodeAuthorities, clock: Clock): Peers {
  const peers = new Map<ServerHttp2Session, Peer>();
  let strangers = 0;
  server.on("session", (session) => {
    session.on("error", () => session.destroy());
    const peer = readPeer(session, authorities, clock());
    if (typeof peer === "string" && strangers >= maxStrangers) return session.destroy();
    peers.set(session, peer);
    session.once("close", () => peers.delete(session));
    if (typeof peer !== "string") return undefined;
    strangers += 1;
    const timer = setTimeout(() => session.destroy(), strangerMs);
    session.once("close", () => {
      strangers -= 1;
      clearTimeout(timer);
    });
    return undefined;
  });
  return peers;
}
