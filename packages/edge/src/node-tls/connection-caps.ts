import { addressGroup } from "@tcm/core";
import type { Socket } from "node:net";

/** Counts open connections per address, those still in their handshake included. */
export class ConnectionCaps {
  readonly #mostPerAddress: number;
  readonly #counts = new Map<string, number>();
  readonly #sockets = new Set<Socket>();

  constructor(mostPerAddress: number) {
    this.#mostPerAddress = mostPerAddress;
  }

  /** False when the address already has as many as it may. Else the connection is counted until it closes. */
  admit(socket: Socket): boolean {
    const address = addressGroup(socket.remoteAddress ?? "");
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#mostPerAddress) return false;
    this.#counts.set(address, count + 1);
    this.#sockets.add(socket);
    socket.once("close", () => this.#release(socket, address));
    return true;
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #release(socket: Socket, address: string): void {
    this.#sockets.delete(socket);
    const count = (this.#counts.get(address) ?? 1) - 1;
    if (count === 0) this.#counts.delete(address);
    else this.#counts.set(address, count);
  }
}
