import type { Queries } from "../store/store.ts";
import { type AuditRow, genesisHash, hashOf } from "./audit-chain.ts";
import type { AuditKey } from "./audit-key.ts";

/** Number and hash of a record, as somebody saw them at some time. */
export type AuditHead = { readonly number: number; readonly hash: string };

/**
 * What is wrong, and where. `changed`: the record does not have its own hash. `missing`: there is none of that number.
 * `unlinked`: it does not follow the one before it, so that one of the two was put there later. `rewritten`: it is another one
 * than a head says. `truncated`: the head names a record after the last one. `forged-head`: the head is not signed by us.
 */
export type AuditFault = {
  readonly kind: "changed" | "missing" | "unlinked" | "rewritten" | "truncated" | "forged-head";
  readonly number: number;
};

export type AuditVerdict = {
  /** The last record; undefined: there is none. */
  readonly head: AuditHead | undefined;
  /** In order of their numbers, at most a hundred. */
  readonly faults: readonly AuditFault[];
};

const pageSize = 1_000;
const maxFaults = 100;

/**
 * Reads the whole chain, in pages, and holds it against the signed heads of the store, `kept` ones of the file beside it, and
 * `witnessed` ones from elsewhere, such as the log. Without those, one who can write the database may take away the last records with
 * their heads.
 */
export async function verifyAudit(
  queries: Queries,
  key: Pick<AuditKey, "verify">,
  witnessed: readonly AuditHead[] = [],
  kept: { readonly heads: readonly AuditHead[]; readonly forged: readonly number[] } = { heads: [], forged: [] },
): Promise<AuditVerdict> {
  const { heads, forged } = await signedHeads(queries, key);
  const expected = Map.groupBy([...heads, ...kept.heads, ...witnessed], ({ number }) => number);
  const faults: AuditFault[] = [...new Set([...forged, ...kept.forged])].map((number) => ({
    kind: "forged-head",
    number,
  }));
  let head: AuditHead | undefined;
  for await (const row of records(queries)) {
    faults.push(...faultsOf(row, head), ...rewritten(row, expected));
    head = row;
    if (faults.length >= maxFaults) break;
  }
  const last = head?.number ?? 0;
  if (faults.length < maxFaults) faults.push(...truncated(last, expected));
  return {
    head: head && { number: head.number, hash: head.hash },
    faults: faults.toSorted((a, b) => a.number - b.number).slice(0, maxFaults),
  };
}

/** What is signed as the head. */
export function headText({ number, hash }: AuditHead): string {
  return `audit-head ${number} ${hash}`;
}

function faultsOf(row: AuditRow, before: AuditHead | undefined): readonly AuditFault[] {
  const { number } = row;
  const due = (before?.number ?? 0) + 1;
  const isLinked = row.previous_hash === (before?.hash ?? genesisHash);
  return [
    ...(number === due ? [] : [{ kind: "missing", number: due } as const]),
    ...(isLinked || number !== due ? [] : [{ kind: "unlinked", number } as const]),
    ...(hashOf(row) === row.hash ? [] : [{ kind: "changed", number } as const]),
  ];
}

type Expected = ReadonlyMap<number, readonly AuditHead[]>;

function rewritten({ number, hash }: AuditRow, expected: Expected): readonly AuditFault[] {
  const differs = expected.get(number)?.some((head) => head.hash !== hash) === true;
  return differs ? [{ kind: "rewritten", number }] : [];
}

function truncated(last: number, expected: Expected): readonly AuditFault[] {
  const highest = expected.keys().reduce((a, b) => Math.max(a, b), 0);
  return highest > last ? [{ kind: "truncated", number: last + 1 }] : [];
}

async function* records(queries: Queries): AsyncGenerator<AuditRow> {
  for (let after = -(2 ** 31); ; ) {
    const page = await queries
      .selectFrom("audit_records")
      .selectAll()
      .where("number", ">", after)
      .orderBy("number")
      .limit(pageSize)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.number;
  }
}

async function signedHeads(queries: Queries, key: Pick<AuditKey, "verify">) {
  const rows = await queries.selectFrom("audit_heads").selectAll().orderBy("number").execute();
  const isOurs = (row: (typeof rows)[number]): boolean => key.verify(headText(row), row.signature);
  const forged = rows.filter((row) => !isOurs(row)).map(({ number }) => number);
  return { heads: rows.filter(isOurs), forged };
}
