import type { Socket } from "node:net";
import { addressGroup } from "@tcm/core";
import { openCrowd, type Room } from "../limits/crowd.ts";
import type { App } from "./route.ts";

/**
 * Of connections on which nobody has shown who they are: in their handshake, silent, or at the sign-in. About 100 kB each once TLS
 * stands. Many machines may be behind one NAT, but only until each has sent its first request.
 */
export const unknownRoom: Room = { most: 2_048, mostOfGroup: 1_024, patienceMs: 5_000 };

type Peer = Pick<Socket, "remoteAddress" | "remotePort">;

/**
 * Bounds the connections of callers whom nobody knows. Sockets that say nothing, or ask for what is open to all, cost memory
 * until their time is up, and no limit of requests counts them. Those who were there longest make room, so that nobody is kept out by
 * others; who has shown a credential is no stranger any more and is never ended here.
 */
export function boundUnknownCallers(app: App, room: Room, now: () => number): void {
  const crowd = openCrowd(room, now);
  const unknown = new Map<string, () => void>();
  app.server.on("connection", (socket: Socket) => {
    const peer = peerOf(socket);
    const leave = crowd.enter(addressGroup(socket.remoteAddress ?? ""), () => socket.destroy());
    if (leave === undefined) return void socket.destroy();
    const end = () => {
      leave();
      unknown.delete(peer);
    };
    unknown.set(peer, end);
    socket.once("close", end);
    return undefined;
  });
  // After the hook that says who asks.
  app.addHook("onRequest", async ({ actor, raw }) => {
    if (actor !== undefined) unknown.get(peerOf(raw.socket))?.();
  });
}

/** The socket of TLS says the same as the one below it. */
function peerOf({ remoteAddress = "", remotePort = 0 }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
