import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { CuttingProxy } from "../testing/cutting-proxy.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";
import { openPostgresStore } from "./open-postgres.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: what holds up writes on PostgreSQL (${missing})`);

describe.skipIf(missing !== undefined)("a process that is stopped in the middle of a write", () => {
  test("holds up the others for a while only, and its write does not happen", async () => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.remove());
    const database = await server.createDatabase("stopped");
    const [stopped, other] = [await openPostgresStore(database), await openPostgresStore(database)];
    const insert = (key: string) => sql`INSERT INTO meta (key, value) VALUES (${key}, 'x')`;
    const waking = Promise.withResolvers<undefined>();
    const holding = Promise.withResolvers<undefined>();
    const half = stopped.transaction(async (queries) => {
      await insert("stopped").execute(queries);
      holding.resolve(undefined);
      await waking.promise;
      await insert("woken").execute(queries);
    });
    half.catch(() => undefined);
    await holding.promise;
    await other.transaction((queries) => insert("other").execute(queries));
    waking.resolve(undefined);
    await expect(half).rejects.toThrow();
    const { rows } = await sql<{ key: string }>`SELECT key FROM meta`.execute(other.db);
    expect(rows).toEqual([{ key: "other" }]);
    await stopped.close();
    await other.close();
  });
});

describe.skipIf(missing !== undefined)("a server that is gone without a word", () => {
  test("holds up a write for a while only, which does not happen, and the next one has another connection", async () => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.remove());
    await server.createDatabase("silent");
    const proxy = await CuttingProxy.start(server.port);
    onTestFinished(() => proxy.close());
    const store = await openPostgresStore(`postgres://tcm@127.0.0.1:${proxy.port}/silent`, { maxSilenceMs: 8_000 });
    const insert = (key: string) => sql`INSERT INTO meta (key, value) VALUES (${key}, 'x')`;
    const lost = store.transaction(async (queries) => {
      await insert("lost").execute(queries);
      proxy.loseConnections();
      await insert("lost too").execute(queries);
    });
    // In the words of the roll back, which has no connection any more.
    await expect(lost).rejects.toThrow(/silent for too long|connection error/);
    await store.transaction((queries) => insert("next").execute(queries));
    const { rows } = await sql<{ key: string }>`SELECT key FROM meta`.execute(store.db);
    expect(rows).toEqual([{ key: "next" }]);
    await store.close();
  });
});
