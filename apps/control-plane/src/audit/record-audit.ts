import { AsyncLocalStorage } from "node:async_hooks";
import type { Queries } from "../store/store.ts";
import { genesisHash, hashOf } from "./audit-chain.ts";

export type AuditEvent = {
  readonly at: string;
  readonly by: string;
  /** A verb and a noun, such as `CREATE_USER`. */
  readonly action: string;
  /** What it was done to, never a secret. */
  readonly subject: Readonly<Record<string, unknown>>;
  /** Default: `done`. Otherwise the problem that refused it. */
  readonly outcome?: string;
};

/**
 * The request in which a record is written. Every operation writes some, and none has any other use for the request, so that
 * it is not handed down through all of them.
 */
export const auditedRequest = new AsyncLocalStorage<{ readonly requestId: string }>();

/**
 * Appends to the chain, in the transaction of what it records: there is not the one without the other. Two at the same time
 * would take the same number, which the primary key refuses to one of them; the store then runs its transaction again.
 */
export async function recordAudit(queries: Queries, event: AuditEvent): Promise<void> {
  const last = await lastRecord(queries);
  const unsealed = {
    number: (last?.number ?? 0) + 1,
    at: event.at,
    by: event.by,
    action: event.action,
    subject: JSON.stringify(event.subject),
    outcome: event.outcome ?? "done",
    request_id: auditedRequest.getStore()?.requestId ?? null,
    previous_hash: last?.hash ?? genesisHash,
  };
  await queries
    .insertInto("audit_records")
    .values({ ...unsealed, hash: hashOf(unsealed) })
    .execute();
}

export function lastRecord(queries: Queries): Promise<{ readonly number: number; readonly hash: string } | undefined> {
  return queries
    .selectFrom("audit_records")
    .select(["number", "hash"])
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
}
