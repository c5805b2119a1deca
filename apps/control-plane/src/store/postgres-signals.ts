import { Client } from "pg";
import type { PostgresServers } from "./postgres-servers.ts";
import type { Signals } from "./store.ts";

const channel = "trust_chain_manager";
const reconnectMs = 1_000;
/** A quiet connection may be dead without anyone knowing. */
const keepAliveMs = 10_000;

/** LISTEN and NOTIFY. What is sent while the connection is away is lost, which is why readers poll as well. */
export class PostgresSignals implements Signals {
  readonly #servers: PostgresServers;
  readonly #listeners = new Set<(signal: string) => void>();
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(servers: PostgresServers) {
    this.#servers = servers;
    void this.#connect();
  }

  send(signal: string): void {
    this.#servers.query("SELECT pg_notify($1, $2)", [channel, signal]).catch(() => undefined);
  }

  listen(onSignal: (signal: string) => void): () => void {
    this.#listeners.add(onSignal);
    return () => this.#listeners.delete(onSignal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const last = this.#client;
    this.#client = undefined;
    await last?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#servers.url(),
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
    });
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    client.on("notification", ({ payload = "" }) => {
      for (const listener of this.#listeners) listener(payload);
    });
    this.#client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch {
      this.#lost(client);
      await client.end().catch(() => undefined);
    }
  }

  /** Each is lost once, whatever it says of its end, and none that was closed. */
  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#connect(), reconnectMs);
  }
}
