import type { Http2SecureServer, ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { addressGroup } from "@tcm/core";
import { openCrowd } from "../limits/crowd.ts";

/** More than all nodes of the largest fleet we measure (bench/fleet), which come back at once; about 10 kB each. */
export const maxHandshakes = 8_192;
/** As long as the handshakes of such a fleet take that are all under way, at a thousand a second. */
const patienceMs = 5_000;

type Peer = Pick<Socket, "remoteAddress" | "remotePort">;

/**
 * Bounds the connections whose handshake is not over: sockets that never begin one cost memory until their time is up, and nothing
 * else counts them. Who is silent for long, or else holds most of the places, loses them first, so that nobody is kept out by others.
 */
export function boundHandshakes(server: Http2SecureServer, most: number, now: () => number): void {
  const crowd = openCrowd({ most, mostOfGroup: Number.POSITIVE_INFINITY, patienceMs }, now);
  const underWay = new Map<string, () => void>();
  server.on("connection", (socket: Socket) => {
    const leave = crowd.enter(addressGroup(socket.remoteAddress ?? ""), () => socket.destroy());
    if (leave === undefined) return void socket.destroy();
    const peer = peerOf(socket);
    const end = () => {
      leave();
      underWay.delete(peer);
    };
    underWay.set(peer, end);
    socket.once("close", end);
    return undefined;
  });
  server.on("session", ({ socket }: ServerHttp2Session) => underWay.get(peerOf(socket))?.());
}

function peerOf({ remoteAddress = "", remotePort = 0 }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
