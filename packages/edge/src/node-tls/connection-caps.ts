import { addressGroup } from "@tcm/core";
import type { Socket } from "node:net";

export type Caps = {
  readonly perAddress: number;
  /** Of all that are not accepted. */
  readonly unaccepted: number;
  readonly unacceptedPerAddress: number;
};

/** Whose connection it is, which its TLS socket says as well. */
type Peer = Pick<Socket, "remoteAddress" | "remotePort">;

/** Counts open connections per address, those still in their handshake included, and those whose client is not accepted. */
export class ConnectionCaps {
  readonly #caps: Caps;
  /** Address group by peer. */
  readonly #unaccepted = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #sockets = new Set<Socket>();

  constructor(caps: Caps) {
    this.#caps = caps;
  }

  /** False when there are as many as there may be. Else the connection is counted until it closes. */
  admit(socket: Socket): boolean {
    const address = addressGroup(socket.remoteAddress ?? "");
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#caps.perAddress || !this.#hasRoom(address)) return false;
    const peer = peerOf(socket);
    this.#unaccepted.set(peer, address);
    this.#counts.set(address, count + 1);
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#unaccepted.delete(peer);
      this.#release(socket, address);
    });
    return true;
  }

  /** Its client is served: it makes room for others. */
  accept(peer: Peer): void {
    this.#unaccepted.delete(peerOf(peer));
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** They are few enough to be counted each time. */
  #hasRoom(address: string): boolean {
    const { unaccepted, unacceptedPerAddress } = this.#caps;
    if (this.#unaccepted.size >= unaccepted) return false;
    const here = this.#unaccepted.values().reduce((sum, other) => sum + (other === address ? 1 : 0), 0);
    return here < unacceptedPerAddress;
  }

  #release(socket: Socket, address: string): void {
    this.#sockets.delete(socket);
    const count = (this.#counts.get(address) ?? 1) - 1;
    if (count === 0) this.#counts.delete(address);
    else this.#counts.set(address, count);
  }
}

function peerOf({ remoteAddress = "", remotePort = 0 }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
