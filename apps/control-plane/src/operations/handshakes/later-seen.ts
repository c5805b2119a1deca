import { sql } from "kysely";

/** Of the row of `handshake_counts` that is there and the one that comes: SQLite and PostgreSQL name the function for it differently. */
export const laterSeen = sql<string>`case
  when handshake_counts.last_seen_at < excluded.last_seen_at then excluded.last_seen_at
  else handshake_counts.last_seen_at
end`;
