import type { Kysely, Transaction } from "kysely";
import type { Database } from "./schema.ts";
import type { StoreIntegrity } from "./store-integrity.ts";

/** Where everything acknowledged is kept. One engine behind it, or another: operations do not know which. */
export type Store = {
  readonly db: Kysely<Database>;
  /**
   * Runs `work` so that all of it is on disk when it resolves, or none of it is done; as if no other transaction ran at the
   * same time. `work` may run several times, so it touches nothing but `queries`.
   */
  readonly transaction: <T>(work: (queries: Transaction<Database>) => Promise<T>) => Promise<T>;
  readonly signals: Signals;
  /** What another server that takes over would have of what was acknowledged; undefined where there is no server. */
  readonly failover?: () => Promise<Failover>;
  /** Of an embedded one; a server sees to its own pages. */
  readonly integrity?: StoreIntegrity;
  close(): Promise<void>;
};

/** All of it, or not the last of it; `no-standby`: there is none that could take over. */
export type Failover = "synchronous-standby" | "asynchronous-standby" | "no-standby";

/** Short messages between the processes on one store, this one included. Some may get lost: they only save waiting. */
export type Signals = {
  send(signal: string): void;
  /** Answers how to stop listening. */
  listen(onSignal: (signal: string) => void): () => void;
};

/** A query runner: the store itself or a transaction. */
export type Queries = Kysely<Database> | Transaction<Database>;

export function transaction<T>(
  store: Pick<Store, "transaction">,
  work: (queries: Transaction<Database>) => Promise<T>,
): Promise<T> {
  return store.transaction(work);
}

/** For a store that one process has to itself. */
export function localSignals(): Signals {
  const listeners = new Set<(signal: string) => void>();
  return {
    send: (signal) => {
      for (const listener of listeners) listener(signal);
    },
    listen: (onSignal) => {
      listeners.add(onSignal);
      return () => listeners.delete(onSignal);
    },
  };
}
