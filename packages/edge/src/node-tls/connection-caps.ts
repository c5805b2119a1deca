import { addressGroup } from "@tcm/core";
import type { Socket } from "node:net";

export type Caps = {
  readonly perAddress: number;
  /** Of all that are not accepted. */
  readonly unaccepted: number;
  readonly unacceptedPerAddress: number;
  /** An address with fewer of them is no flood, though it may be a NAT with many clients behind it. */
  readonly few: number;
  /** One that was not accepted for as long has had its time. */
  readonly patienceMs: number;
};

/** Since they were asked for last. */
export type CapCounts = { readonly turnedAway: number; readonly madeRoom: number };

/** Whose connection it is, which its TLS socket says as well. */
type Peer = Pick<Socket, "remoteAddress" | "remotePort">;
type Unaccepted = { readonly socket: Socket; readonly since: number };
/** Of one address, by peer, the oldest first. */
type Waiting = Map<string, Unaccepted>;

/** Why a connection was ended; its code is the reason for which the handshake is counted as failed. */
class ConnectionEnded extends Error {
  readonly code: "connection-turned-away" | "connection-made-room";

  constructor(code: ConnectionEnded["code"]) {
    super(code);
    this.code = code;
  }
}

/**
 * Counts open connections per address, those still in their handshake included, and those whose client is not accepted. Where these
 * are too many, one of them makes room, so that whoever says nothing keeps nobody out: for an address with few, the oldest of the
 * address with most of those where one has had its time, as the others may be in their handshake; else the oldest of the address
 * that has the most, for one that has fewer. Among equals only one that has had its time does, and when none has, whoever comes last is
 * turned away: ending the oldest then, none would ever get to its end. A flood from few addresses ends no client that is slow.
 */
export class ConnectionCaps {
  readonly #caps: Caps;
  readonly #now: () => number;
  readonly #unaccepted = new Map<string, Waiting>();
  #unacceptedCount = 0;
  readonly #counts = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  #turnedAway = 0;
  #madeRoom = 0;

  /** `now` in milliseconds, and never goes back. */
  constructor(caps: Caps, now: () => number) {
    this.#caps = caps;
    this.#now = now;
  }

  /** False when there are as many as there may be, and it is ended. Else the connection is counted until it closes. */
  admit(socket: Socket): boolean {
    const address = addressGroup(socket.remoteAddress ?? "");
    const count = this.#counts.get(address) ?? 0;
    if (count >= this.#caps.perAddress || !this.#hasRoom(address)) {
      this.#turnedAway++;
      end(socket, "connection-turned-away");
      return false;
    }
    const peer = peerOf(socket);
    this.#wait(address, peer, socket);
    this.#counts.set(address, count + 1);
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#forget(address, peer);
      this.#release(socket, address);
    });
    return true;
  }

  /** Its client is served: it makes room for others. */
  accept(peer: Peer): void {
    this.#forget(addressGroup(peer.remoteAddress ?? ""), peerOf(peer));
  }

  takeCounts(): CapCounts {
    const counts = { turnedAway: this.#turnedAway, madeRoom: this.#madeRoom };
    this.#turnedAway = 0;
    this.#madeRoom = 0;
    return counts;
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #hasRoom(address: string): boolean {
    const { unaccepted, unacceptedPerAddress } = this.#caps;
    const here = this.#unaccepted.get(address)?.size ?? 0;
    if (here >= unacceptedPerAddress) return this.#makeRoom(address, here);
    return this.#unacceptedCount < unaccepted || this.#makeRoom(this.#whoMakesRoom(here), here);
  }

  #whoMakesRoom(here: number): string {
    const isFew = here < this.#caps.few;
    let found = { address: "", size: 0, isLate: false };
    for (const [address, waiting] of this.#unaccepted) {
      const [oldest] = waiting.values();
      const isLate = isFew && oldest !== undefined && this.#hasHadItsTime(oldest);
      const { size } = waiting;
      if (isLate === found.isLate ? size > found.size : isLate) found = { address, size, isLate };
    }
    return found.address;
  }

  #hasHadItsTime({ since }: Unaccepted): boolean {
    return this.#now() - since >= this.#caps.patienceMs;
  }

  /** Of this address, for one of an address that has so many. */
  #makeRoom(address: string, here: number): boolean {
    const waiting = this.#unaccepted.get(address);
    const [peer, oldest] = waiting?.entries().next().value ?? [];
    if (waiting === undefined || peer === undefined || oldest === undefined) return false;
    if (!this.#hasHadItsTime(oldest) && waiting.size <= here + 1) return false;
    this.#madeRoom++;
    this.#forget(address, peer);
    end(oldest.socket, "connection-made-room");
    return true;
  }

  #wait(address: string, peer: string, socket: Socket): void {
    const waiting: Waiting = this.#unaccepted.get(address) ?? new Map();
    // One that is closed by now has no address any more.
    if (!waiting.has(peer)) this.#unacceptedCount++;
    this.#unaccepted.set(address, waiting.set(peer, { socket, since: this.#now() }));
  }

  #forget(address: string, peer: string): void {
    const waiting = this.#unaccepted.get(address);
    if (waiting?.delete(peer) !== true) return;
    this.#unacceptedCount--;
    if (waiting.size === 0) this.#unaccepted.delete(address);
  }

  #release(socket: Socket, address: string): void {
    this.#sockets.delete(socket);
    const count = (this.#counts.get(address) ?? 1) - 1;
    if (count === 0) this.#counts.delete(address);
    else this.#counts.set(address, count);
  }
}

function end(socket: Socket, code: ConnectionEnded["code"]): void {
  socket.once("error", () => undefined);
  socket.destroy(new ConnectionEnded(code));
}

function peerOf({ remoteAddress = "", remotePort = 0 }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
