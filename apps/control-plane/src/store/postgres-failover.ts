import type { PostgresServers } from "./postgres-servers.ts";
import type { Failover } from "./store.ts";

/** `remote_write` waits for another machine's memory, and `local` for none. */
const waitsForItsDisk: ReadonlySet<string> = new Set(["on", "remote_apply"]);

/** As the server is set up now. That the right standby is promoted, nobody can see from here. */
export async function readFailover(servers: PostgresServers): Promise<Failover> {
  const { rows } = await servers.query<{ names: string; commit: string; standbys: number }>(
    `SELECT current_setting('synchronous_standby_names') AS names,
            current_setting('synchronous_commit') AS commit,
            (SELECT count(*) FROM pg_stat_replication) AS standbys`,
  );
  const { names = "", commit = "", standbys = 0 } = rows[0] ?? {};
  if (names !== "" && waitsForItsDisk.has(commit)) return "synchronous-standby";
  return standbys > 0 || names !== "" ? "asynchronous-standby" : "no-standby";
}
