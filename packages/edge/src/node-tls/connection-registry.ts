import { setImmediate } from "node:timers/promises";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { ClientConnection } from "./client-connection.ts";

/** Verdicts take a fraction of a millisecond; after this many the event loop gets its turn. */
const batch = 32;

export type Recheck = { readonly checked: number; readonly closed: number };

/** Every live connection whose handshake is over. */
export class ConnectionRegistry {
  readonly #connections = new Map<Duplex, ClientConnection>();

  add(socket: TLSSocket, connection: ClientConnection): void {
    this.#connections.set(socket, connection);
    socket.once("close", () => this.#connections.delete(socket));
  }

  of(socket: Duplex): ClientConnection | undefined {
    return this.#connections.get(socket);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Asks about every connection, closes those that may not stay, and resolves once they are gone. */
  async recheck(mayStay: (connection: ClientConnection) => boolean, graceMs: number): Promise<Recheck> {
    const closing: Promise<void>[] = [];
    let checked = 0;
    // Those that come meanwhile are decided by what is served now.
    const live = [...this.#connections.values()];
    for (const connection of live) {
      if (++checked % batch === 0) await setImmediate();
      if (!mayStay(connection)) closing.push(connection.close(graceMs));
    }
    await Promise.all(closing);
    return { checked, closed: closing.length };
  }
}
