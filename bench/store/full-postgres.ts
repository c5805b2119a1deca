import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PostgresServer } from "../../apps/control-plane/src/testing/postgres-server.ts";
import { cacheDirectory, fullSize, multiplication, writeOneVersion } from "../api/full-store.ts";

export type FullPostgres = {
  readonly server: PostgresServer;
  readonly url: string;
  /** Of a control plane on it. */
  readonly directory: string;
};

const database = "full";

/** A server of its own with the same rows as `fullStore`, kept between runs as well. The caller stops it. */
export async function fullPostgres(): Promise<FullPostgres> {
  const home = join(cacheDirectory(), "postgres");
  if (!existsSync(home)) await make(home);
  const server = await PostgresServer.start(join(home, "server"));
  return { server, url: server.url(database), directory: join(home, "control-plane") };
}

async function make(home: string): Promise<void> {
  const fresh = `${home}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const directory = join(fresh, "control-plane");
  for (const folder of [join(fresh, "server"), directory]) mkdirSync(folder, { recursive: true, mode: 0o711 });
  writeFileSync(join(directory, "operator.key"), `${Buffer.alloc(32, 7).toString("base64")}\n`, { mode: 0o600 });
  const server = await PostgresServer.start(join(fresh, "server"));
  try {
    const url = await server.createDatabase(database);
    await writeOneVersion(directory, { TCM_DATABASE: url });
    const last = { ca_sets: fullSize.sets, certificate_texts: fullSize.sets * fullSize.certificates };
    const counters = Object.entries(last).map(
      ([table, id]) => `SELECT setval(pg_get_serial_sequence('${table}', 'id'), ${id})`,
    );
    // Rows that are copies of good ones need no look at their references.
    const quickly = ["SET synchronous_commit = off", "SET session_replication_role = replica"];
    await server.runIn(database, ...quickly, ...multiplication(fullSize), ...counters, "VACUUM ANALYZE", "CHECKPOINT");
  } finally {
    await server.stop();
  }
  renameSync(fresh, home);
}
