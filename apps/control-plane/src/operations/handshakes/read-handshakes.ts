import type { HandshakeSummary } from "@tcm/api-contract";
import type { Network, Outcome } from "@tcm/core";
import { sql } from "kysely";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import { findCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import type { TimeRange } from "../history/read-activities.ts";
import { done } from "../refuse.ts";
import { anchorsSeen } from "./anchors-seen.ts";
import {
  type CountedKind,
  type CountedRange,
  countedKinds,
  countsWithin,
  sum,
  sumOutcomes,
} from "./counted-handshakes.ts";
import { coarseBucketSeconds, fineBucketSeconds } from "./handshake-buckets.ts";

export const bucketLengths = [fineBucketSeconds, coarseBucketSeconds, 86_400] as const;

export type HandshakeQuestion = {
  readonly caSetId: number;
  readonly network: Network;
  readonly range: TimeRange;
  /** The shortest that fits the range unless it is said. */
  readonly bucketSeconds?: (typeof bucketLengths)[number] | undefined;
  readonly anchor?: string | undefined;
};

const dayMs = 86_400_000;

/** What the network's nodes saw of the set within a time, to the bucket: both ends belong to it. */
export async function readHandshakes(
  { store: { db }, clock }: Pick<OperationContext, "store" | "clock">,
  question: HandshakeQuestion,
): Promise<Outcome<HandshakeSummary>> {
  const { caSetId, network, range } = question;
  const found = await findCaSet(db, caSetId);
  if (!found.ok) return found;
  const end = range.end ?? timestamp(clock());
  const start = range.start ?? timestamp(Date.parse(end) - dayMs);
  const bucketSeconds = question.bucketSeconds ?? bucketFor(Date.parse(end) - Date.parse(start));
  const whole = { ...question, start, end };
  const kinds = await countedKinds(db, whole);
  return done({
    caSetId: String(caSetId),
    network,
    startDate: start,
    endDate: end,
    bucketSeconds,
    ...sumOutcomes(kinds),
    acceptedWithoutAnchor: sum(kinds.filter(({ outcome, anchor }) => outcome === "accepted" && anchor === "")),
    lost: await lostHandshakes(db, network),
    anchors: await anchorsSeen(db, whole, kinds),
    refusals: refusalsOf(kinds),
    buckets: await bucketsOf(db, whole, bucketSeconds),
  });
}

function bucketFor(rangeMs: number): number {
  if (rangeMs <= dayMs / 4) return fineBucketSeconds;
  return rangeMs <= 8 * dayMs ? coarseBucketSeconds : 86_400;
}

function refusalsOf(kinds: readonly CountedKind[]): HandshakeSummary["refusals"] {
  const refusals = kinds.filter(({ outcome }) => outcome !== "accepted");
  const groups = Map.groupBy(refusals, ({ version, outcome, reason }) => `${version} ${outcome} ${reason}`);
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { version, outcome, reason } = first;
    const lastSeenDate =
      group
        .map(({ last }) => last)
        .toSorted()
        .at(-1) ?? first.last;
    return [{ version, outcome, reason, count: sum(group), lastSeenDate }];
  });
  return rows.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1) || b.version - a.version);
}

async function lostHandshakes(queries: Queries, network: Network): Promise<number> {
  const { lost } = await queries
    .selectFrom("handshake_reports as report")
    .innerJoin("edge_nodes as node", "node.id", "report.node_id")
    .select(({ fn }) => fn.sum("report.lost").as("lost"))
    .where("node.network", "=", network)
    .executeTakeFirstOrThrow();
  return Number(lost ?? 0);
}

/** Rows of hours stay whole in whatever bucket they begin. */
async function bucketsOf(
  queries: Queries,
  range: CountedRange,
  bucketSeconds: number,
): Promise<HandshakeSummary["buckets"]> {
  const begin =
    bucketSeconds === fineBucketSeconds
      ? sql<string>`bucket_at`
      : bucketSeconds === coarseBucketSeconds
        ? sql<string>`substr(bucket_at, 1, 13) || ':00:00.000000Z'`
        : sql<string>`substr(bucket_at, 1, 10) || 'T00:00:00.000000Z'`;
  const rows = await countsWithin(queries, range)
    .select(["outcome", begin.as("begin")])
    .select(({ fn }) => fn.sum<number>("count").as("count"))
    .groupBy(["outcome", begin])
    .execute();
  const buckets = Map.groupBy(rows, (row) => row.begin);
  return [...buckets]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([startDate, kinds]) => ({ startDate, ...sumOutcomes(kinds) }));
}
