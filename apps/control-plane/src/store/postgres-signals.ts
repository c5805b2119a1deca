import { Client } from "pg";
import type { PostgresServers } from "./postgres-servers.ts";
import type { Signals } from "./store.ts";

const channel = "trust_chain_manager";
const reconnectMs = 1_000;
/** A quiet connection may be dead without anyone knowing. */
const keepAliveMs = 10_000;

/** LISTEN and NOTIFY. What is sent while the connection is away is lost, which is why readers poll as well. */
export function postgresSignals(servers: PostgresServers): Signals & { close(): Promise<void> } {
  const listeners = new Set<(signal: string) => void>();
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const connect = async (): Promise<void> => {
    const opened = new Client({
      connectionString: servers.url(),
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
    });
    const lost = (): void => {
      if (client !== opened) return;
      client = undefined;
      later();
    };
    opened.on("error", lost);
    opened.on("end", lost);
    opened.on("notification", ({ payload = "" }) => {
      for (const listener of listeners) listener(payload);
    });
    client = opened;
    try {
      await opened.connect();
      await opened.query(`LISTEN ${channel}`);
    } catch {
      lost();
      await opened.end().catch(() => undefined);
    }
  };
  const later = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => void connect(), reconnectMs);
  };
  void connect();

  return {
    send: (signal) => {
      servers.query("SELECT pg_notify($1, $2)", [channel, signal]).catch(() => undefined);
    },
    listen: (onSignal) => {
      listeners.add(onSignal);
      return () => listeners.delete(onSignal);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
