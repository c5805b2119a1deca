import type { FastifyBaseLogger } from "fastify";
import type { Store } from "../store/store.ts";
import type { AuditKey } from "./audit-key.ts";
import type { SignedHead } from "./head-file.ts";
import { lastRecord } from "./record-audit.ts";
import { headText } from "./verify-audit.ts";

const intervalMs = 60_000;

type HeadWatch = {
  readonly store: Store;
  readonly key: AuditKey;
  /** ISO 8601. */
  readonly now: () => string;
  readonly log: FastifyBaseLogger;
  /** Puts a head where the database is not; throws when it cannot. */
  readonly keep: (head: SignedHead) => void;
};

/**
 * Signs the last record of the chain every minute and at the end, into the store, a file of its own and the log: once one of
 * them has left the machine, nobody who rewrites the database gets past it.
 */
export function watchAuditHead(watch: HeadWatch): { stop(): Promise<void> } {
  const run = (): Promise<void> =>
    signHead(watch).catch((error: unknown) => watch.log.error({ err: error }, "the audit head could not be signed"));
  const timer = setInterval(() => void run(), intervalMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return run();
    },
  };
}

/** Nothing when nothing was recorded since. */
export async function signHead({ store: { db }, key, now, log, keep }: HeadWatch): Promise<void> {
  const head = await lastRecord(db);
  if (head === undefined) return;
  const signed = await db.selectFrom("audit_heads").select("number").where("number", "=", head.number).execute();
  if (signed.length > 0) return;
  const signature = key.sign(headText(head));
  // First, so that no head is in the database that is not here.
  keep({ ...head, signature });
  await db
    .insertInto("audit_heads")
    .values({ ...head, signed_at: now(), signature })
    .onConflict((conflict) => conflict.column("number").doNothing())
    .execute();
  log.info({ auditHead: { ...head, signature } }, "audit head");
}
