import { hash } from "node:crypto";
import type { Selectable } from "kysely";
import type { AuditRecordsTable } from "../store/identity-tables.ts";

export type AuditRow = Selectable<AuditRecordsTable>;

/** Stands before the first record. */
export const genesisHash = "0".repeat(64);

/**
 * SHA-256 over everything that the row says and the hash of the row before. A JSON array, so that no two rows have the same
 * text: where one value ends and the next begins is part of it.
 */
export function hashOf(row: Omit<AuditRow, "hash">): string {
  const { number, at, by, action, subject, outcome, request_id, previous_hash } = row;
  return hash("sha256", JSON.stringify([previous_hash, number, at, by, action, subject, outcome, request_id]));
}
