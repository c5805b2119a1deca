import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";
import { openPostgresStore } from "./open-postgres.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: a process that holds up the others (${missing})`);

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
