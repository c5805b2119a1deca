import type { AuditPage, AuditRecordView } from "@tcm/api-contract";
import type { Queries } from "../store/store.ts";
import type { AuditRow } from "./audit-chain.ts";

export type AuditFilter = {
  /** Records of lower numbers alone. */
  readonly before: number | undefined;
  readonly limit: number;
  readonly by: string | undefined;
  readonly action: string | undefined;
  readonly outcome: string | undefined;
  /** Timestamps, both inclusive. */
  readonly since: string | undefined;
  readonly until: string | undefined;
};

/** One page of the record, newest first. */
export async function readAudit(queries: Queries, filter: AuditFilter): Promise<AuditPage> {
  const { before, limit, by, action, outcome, since, until } = filter;
  let wanted = queries.selectFrom("audit_records").selectAll();
  if (before !== undefined) wanted = wanted.where("number", "<", before);
  if (by !== undefined) wanted = wanted.where("by", "=", by);
  if (action !== undefined) wanted = wanted.where("action", "=", action);
  if (outcome !== undefined) wanted = wanted.where("outcome", "=", outcome);
  if (since !== undefined) wanted = wanted.where("at", ">=", since);
  if (until !== undefined) wanted = wanted.where("at", "<=", until);
  // One more tells whether there is another page.
  const rows = await wanted
    .orderBy("number", "desc")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const nextBefore = rows.length > limit ? (page.at(-1)?.number ?? null) : null;
  return { records: page.map(present), nextBefore };
}

function present(row: AuditRow): AuditRecordView {
  const { number, at: date, by, action, outcome, request_id: requestId, hash } = row;
  return { number, date, by, action, subject: subjectOf(row), outcome, requestId, hash };
}

/** Somebody may have written into the database what is no JSON: that is seen, and hides nothing else. */
function subjectOf({ subject }: AuditRow): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(subject);
    if (typeof parsed === "object" && parsed !== null) return { ...parsed };
  } catch {
    // Shown as it is below.
  }
  return { unreadable: subject.slice(0, 1_000) };
}
