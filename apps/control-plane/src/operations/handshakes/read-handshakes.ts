import type { HandshakeOutcome, HandshakeSummary, SeenClientList } from "@tcm/api-contract";
import type { Network, Outcome } from "@tcm/core";
import { sql } from "kysely";
import type { Queries } from "../../store/store.ts";
import type { CertificateFacts } from "../../validation/validation-answer.ts";
import { timestamp } from "../actor.ts";
import { activeVersions, findCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { coarseBucketSeconds, fineBucketSeconds } from "./handshake-buckets.ts";
import type { TimeRange } from "../history/read-activities.ts";
import { done } from "../refuse.ts";

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

type Whole = HandshakeQuestion & { readonly start: string; readonly end: string };
type Kind = {
  readonly version: number;
  readonly anchor: string;
  readonly outcome: HandshakeOutcome;
  readonly reason: string;
  readonly count: number;
  readonly last: string;
};

function counted(queries: Queries, { caSetId, network, start, end, anchor }: Whole) {
  const within = queries
    .selectFrom("handshake_counts")
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    // The bucket that the start lies in belongs to the range: it begins before it.
    .where((eb) =>
      eb.or([
        eb.and([eb("bucket_seconds", "=", fineBucketSeconds), eb("bucket_at", ">", earlier(start, fineBucketSeconds))]),
        eb.and([
          eb("bucket_seconds", "=", coarseBucketSeconds),
          eb("bucket_at", ">", earlier(start, coarseBucketSeconds)),
        ]),
      ]),
    )
    .where("bucket_at", "<=", end);
  return anchor === undefined ? within : within.where("anchor", "=", anchor);
}

function earlier(instant: string, seconds: number): string {
  return timestamp(Date.parse(instant) - seconds * 1_000);
}

async function countedKinds(queries: Queries, whole: Whole): Promise<readonly Kind[]> {
  return counted(queries, whole)
    .select(["version", "anchor", "outcome", "reason"])
    .select(({ fn }) => [fn.sum<number>("count").as("count"), fn.max("last_seen_at").as("last")])
    .groupBy(["version", "anchor", "outcome", "reason"])
    .execute();
}

function sum(kinds: readonly Pick<Kind, "count">[]): number {
  return kinds.reduce((total, { count }) => total + count, 0);
}

function sumOutcomes(kinds: readonly Pick<Kind, "outcome" | "count">[]) {
  const of = (outcome: HandshakeOutcome): number => sum(kinds.filter((kind) => kind.outcome === outcome));
  return {
    accepted: of("accepted"),
    refused: of("refused"),
    removedAnchor: of("removed-anchor"),
    failed: of("failed"),
  };
}

function refusalsOf(kinds: readonly Kind[]): HandshakeSummary["refusals"] {
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

async function anchorsSeen(
  queries: Queries,
  { caSetId, network, anchor }: Whole,
  kinds: readonly Kind[],
): Promise<HandshakeSummary["anchors"]> {
  const active = await activeAnchors(queries, caSetId, network);
  const lastAccepted = await lastAcceptances(queries, caSetId, network);
  const named = new Set([...active, ...lastAccepted.keys(), ...kinds.map((kind) => kind.anchor)]);
  const fingerprints = [...named].filter((one) => one !== "" && (anchor === undefined || one === anchor));
  const subjects = await subjectsOf(queries, fingerprints);
  const counts = Map.groupBy(kinds, (kind) => kind.anchor);
  return fingerprints
    .map((fingerprint) => {
      const { accepted, removedAnchor } = sumOutcomes(counts.get(fingerprint) ?? []);
      const lastAcceptedDate = lastAccepted.get(fingerprint) ?? null;
      const about = { fingerprint, subject: subjects.get(fingerprint) ?? null, isActive: active.has(fingerprint) };
      return { ...about, accepted, removedAnchor, lastAcceptedDate };
    })
    .sort((a, b) => b.accepted - a.accepted || (a.fingerprint < b.fingerprint ? -1 : 1));
}

async function activeAnchors(queries: Queries, caSetId: number, network: Network): Promise<ReadonlySet<string>> {
  const version = (await activeVersions(queries, caSetId))[network];
  if (version === undefined) return new Set();
  const rows = await queries
    .selectFrom("ca_set_version_members as member")
    .innerJoin("certificate_texts as text", "text.id", "member.text_id")
    .select("text.fingerprint")
    .where("member.ca_set_id", "=", caSetId)
    .where("member.version", "=", version)
    .execute();
  return new Set(rows.map(({ fingerprint }) => fingerprint));
}

async function lastAcceptances(
  queries: Queries,
  caSetId: number,
  network: Network,
): Promise<ReadonlyMap<string, string>> {
  const rows = await queries
    .selectFrom("handshake_anchors")
    .select(["anchor", "last_accepted_at"])
    .where("ca_set_id", "=", caSetId)
    .where("network", "=", network)
    .execute();
  return new Map(rows.map(({ anchor, last_accepted_at }) => [anchor, last_accepted_at]));
}

/** SQLite takes 32,766 values in one statement; a set has had at most 100 versions of 300. */
async function subjectsOf(queries: Queries, fingerprints: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (fingerprints.length === 0) return new Map();
  const rows = await queries
    .selectFrom("certificates")
    .select(["fingerprint", "facts"])
    .where("fingerprint", "in", fingerprints.slice(0, 30_000))
    .execute();
  return new Map(rows.map(({ fingerprint, facts }) => [fingerprint, (JSON.parse(facts) as CertificateFacts).subject]));
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
async function bucketsOf(queries: Queries, whole: Whole, bucketSeconds: number): Promise<HandshakeSummary["buckets"]> {
  const begin =
    bucketSeconds === fineBucketSeconds
      ? sql<string>`bucket_at`
      : bucketSeconds === coarseBucketSeconds
        ? sql<string>`substr(bucket_at, 1, 13) || ':00:00.000000Z'`
        : sql<string>`substr(bucket_at, 1, 10) || 'T00:00:00.000000Z'`;
  const rows = await counted(queries, whole)
    .select(["outcome", begin.as("begin")])
    .select(({ fn }) => fn.sum<number>("count").as("count"))
    .groupBy(["outcome", begin])
    .execute();
  const buckets = Map.groupBy(rows, (row) => row.begin);
  return [...buckets]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([startDate, kinds]) => ({ startDate, ...sumOutcomes(kinds) }));
}

export type ClientQuestion = {
  readonly caSetId: number;
  readonly network: Network;
  readonly anchor?: string | undefined;
  readonly limit: number;
};

export async function listSeenClients(
  { store: { db } }: Pick<OperationContext, "store">,
  { caSetId, network, anchor, limit }: ClientQuestion,
): Promise<Outcome<SeenClientList>> {
  const found = await findCaSet(db, caSetId);
  if (!found.ok) return found;
  const all = db
    .selectFrom("handshake_clients")
    .selectAll()
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    .orderBy("last_seen_at", "desc")
    .orderBy("fingerprint")
    .limit(limit);
  const rows = await (anchor === undefined ? all : all.where("anchor", "=", anchor)).execute();
  const subjects = await subjectsOf(db, [...new Set(rows.map((row) => row.anchor))]);
  const clients = rows.map((row) => ({
    fingerprint: row.fingerprint,
    anchor: row.anchor,
    anchorSubject: subjects.get(row.anchor) ?? null,
    expiryDate: row.not_after,
    lastSeenDate: row.last_seen_at,
  }));
  return done({ caSetId: String(caSetId), network, clients });
}
