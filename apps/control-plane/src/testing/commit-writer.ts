import { writeSync } from "node:fs";
import { sql } from "kysely";
import { openStore } from "../store/open-store.ts";
import { transaction } from "../store/store.ts";

/** Commits again and again, and says so after each: `commit-writer.ts DIRECTORY COUNT [PRAGMA]`. Watched from outside. */
const [directory = "", count = "0", pragma] = process.argv.slice(2);
const store = await openStore(directory);
if (pragma !== undefined) await sql.raw(`PRAGMA ${pragma}`).execute(store.db);
writeSync(1, "ready\n");
for (let i = 0; i < Number(count); i++) {
  await transaction(store, (queries) =>
    queries
      .insertInto("meta")
      .values({ key: `key-${i}`, value: "v".repeat(4_096) })
      .execute(),
  );
  writeSync(1, "acknowledged\n");
}
await store.close();
