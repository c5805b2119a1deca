import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { type Kysely, sql } from "kysely";
import type { Database } from "./schema.ts";

/** Less is used again soon enough, and not worth the time. */
const usualMinBytes = 64 * 1024 * 1024;
/** Each page has a header in the log, and others write to the disk meanwhile. */
const roomForEachByte = 1.2;

/**
 * Makes the file of an embedded store smaller when most of it is free: SQLite keeps what was deleted for what comes, and migration 0005
 * leaves gigabytes at the full limits. Writes all that is left anew, so that it is for the start alone. Answers how many bytes the
 * file became smaller by; throws when it cannot be done, and then nothing has changed.
 */
export async function giveBackSpace(db: Kysely<Database>, { minBytes = usualMinBytes } = {}): Promise<number> {
  const before = await readSpace(db);
  if (before.free < minBytes || before.free < before.all / 2) return 0;
  refuseWithoutRoom(before);
  try {
    await sql`VACUUM`.execute(db);
  } finally {
    // Until then the old file is whole and the new one in the log, or as much of it as found room.
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
  }
  return before.all - (await readSpace(db)).all;
}

type Space = { readonly file: string; readonly all: number; readonly free: number };

/** A disk that it fills on the way is full for others too. */
function refuseWithoutRoom({ file, all, free }: Space): void {
  const needed = Math.ceil((all - free) * roomForEachByte);
  const { bavail, bsize } = statfsSync(dirname(file));
  if (bavail * bsize < needed) throw new Error(`${needed} bytes are needed on the disk of ${file}`);
}

async function readSpace(db: Kysely<Database>): Promise<Space> {
  const { rows } = await sql<{ file: string; size: number; pages: number; free: number }>`
    SELECT file, page_size AS size, page_count AS pages, freelist_count AS free
    FROM pragma_database_list, pragma_page_size, pragma_page_count, pragma_freelist_count
    WHERE name = 'main'`.execute(db);
  const { file = "", size = 0, pages = 0, free = 0 } = rows[0] ?? {};
  return { file, all: size * pages, free: size * free };
}
