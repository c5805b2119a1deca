import type { Socket } from "node:net";
import { Pool, type PoolClient, type PoolConfig, type QueryResult, type QueryResultRow } from "pg";
import { StoreError } from "./store-error.ts";

export type ServersOptions = PoolConfig & { readonly maxSilenceMs: number };

/** A server and its standbys as one: connections go to whichever takes writes. */
export type PostgresServers = {
  /** Those of each pool; Kysely asks for them. */
  readonly options: PoolConfig;
  /** Tries the server that answered last, then the others, once each. Throws what the last of them said. */
  connect(): Promise<PoolClient>;
  query<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
  /** Of the server that answered last. */
  url(): string;
  end(): Promise<void>;
};

/**
 * The driver knows one host in a URL. Here there may be several, as libpq has it: `postgres://user@one:5432,two:5432/name`.
 * `maxSilenceMs`: longer than the server takes for any statement; 0: there is no such time.
 */
export function openServers(url: string, { maxSilenceMs, ...options }: ServersOptions): PostgresServers {
  const urls = serverUrls(url);
  const verify = urls.length > 1 ? { verify: refuseStandby } : {};
  const pools = urls.map((connectionString) => new Pool({ ...options, ...verify, connectionString }));
  for (const pool of pools) {
    // An idle connection that the server drops is replaced at the next query.
    pool.on("error", () => undefined);
    // One that breaks between two queries of a transaction says so to nobody else; the next query on it fails.
    pool.on("connect", (client) => {
      client.on("error", () => undefined);
      dropWhenSilent(client, maxSilenceMs);
    });
  }
  let last = 0;
  const connect = async (): Promise<PoolClient> => {
    let fault: unknown;
    for (const [i, pool] of [...pools.entries(), ...pools.entries()].slice(last, last + pools.length)) {
      try {
        const client = await pool.connect();
        last = i;
        return client;
      } catch (error) {
        fault = error;
      }
    }
    throw fault;
  };
  return {
    options,
    connect,
    query: async <R extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      const client = await connect();
      let failed = true;
      try {
        const result = await client.query<R>(text, [...values]);
        failed = false;
        return result;
      } finally {
        client.release(failed);
      }
    },
    url: () => urls[last] ?? url,
    end: async () => void (await Promise.all(pools.map((pool) => pool.end()))),
  };
}

/**
 * A machine that is gone sends no word of it, and what was sent to it is sent again for a quarter of an hour (tcp_retries2 of Linux), while
 * the writes of this process wait in a row.
 */
function dropWhenSilent(client: PoolClient, maxSilenceMs: number): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  const silent = Object.assign(new Error("The database server was silent for too long."), { code: "ETIMEDOUT" });
  stream.setTimeout(maxSilenceMs, () => stream.destroy(silent));
}

/** New connections alone: a server that becomes a standby drops those that it has. */
function refuseStandby(client: PoolClient, done: (error?: Error) => void): void {
  client.query<{ standby: boolean }>("SELECT pg_is_in_recovery() AS standby", (error: Error | null, result) => {
    if (error !== null) done(error);
    else done(result.rows[0]?.standby === false ? undefined : new Error("the server is a standby"));
  });
}

const severalHosts = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]+,[^/?]+)(.*)$/;

/** One URL a server. Throws `database-unsuitable` when the URL asks for servers that would not do. */
export function serverUrls(url: string): readonly string[] {
  const { begin, hosts, end } = splitUrl(url);
  if (hosts === undefined) return [url];
  const asked = /[?&]target_session_attrs=([^&]*)/.exec(end)?.[1];
  if (asked !== undefined && asked !== "read-write" && asked !== "primary") {
    throw new StoreError(
      "database-unsuitable",
      `The URL asks for a server with target_session_attrs=${asked}. It has to take writes: leave that out, or say read-write.`,
    );
  }
  const rest = end.replace(/([?&])target_session_attrs=[^&]*&?/, "$1").replace(/[?&]$/, "");
  return hosts.split(",").map((host) => `${begin}${host}${rest}`);
}

function splitUrl(url: string) {
  const [, begin = "", hosts, end = ""] = severalHosts.exec(url) ?? [];
  return { begin, hosts, end };
}
