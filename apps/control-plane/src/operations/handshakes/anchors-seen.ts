import type { HandshakeSummary } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { activeVersions } from "../ca-sets/ca-set-row.ts";
import { anchorSubjects } from "./anchor-subjects.ts";
import { type CountedKind, type CountedRange, sumOutcomes } from "./counted-handshakes.ts";

/** The anchors of the active version and those of before that let somebody in, the busiest first. */
export async function anchorsSeen(
  queries: Queries,
  { caSetId, network, anchor }: CountedRange,
  kinds: readonly CountedKind[],
): Promise<HandshakeSummary["anchors"]> {
  const active = await activeAnchors(queries, caSetId, network);
  const lastAccepted = await lastAcceptances(queries, caSetId, network);
  const named = new Set([...active, ...lastAccepted.keys(), ...kinds.map((kind) => kind.anchor)]);
  const fingerprints = [...named].filter((one) => one !== "" && (anchor === undefined || one === anchor));
  const subjects = await anchorSubjects(queries, fingerprints);
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
