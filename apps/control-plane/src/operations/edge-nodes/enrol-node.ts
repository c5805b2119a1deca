import { randomBytes } from "node:crypto";
import type { Network, UnixMillis } from "@tcm/core";
import type { NodeSubject } from "../../keys/node-certificate.ts";
import { type Queries, type Store, transaction } from "../../store/store.ts";
import { type Clock, timestamp } from "../actor.ts";

/** A node as it is known after it has shown its certificate. */
export type AuthenticatedNode = { readonly nodeId: string; readonly network: Network };

/** With the end of the certificate that it may have. */
export type Enrolment = NodeSubject & { readonly notAfter: UnixMillis };

export type NewNode = AuthenticatedNode & { readonly engine: string };

const day = 86_400_000;

/** Short, so that a stolen key is of use for days; long enough to be away over a weekend and more. */
export const usualNodeCertificateLifetimeMs = 7 * day;

/** `recordNode` in a transaction of its own. */
export function enrolNode(
  store: Store,
  clock: Clock,
  nodeId: string,
  network: Network,
  lifetimeMs = usualNodeCertificateLifetimeMs,
): Promise<Enrolment> {
  return transaction(store, async (queries) => {
    const now = clock();
    const enrolled = await recordNode(queries, { nodeId, network, engine: "built-in" }, now, now + lifetimeMs);
    if (enrolled === undefined) throw new Error(`node ${nodeId} belongs to the other network`);
    return enrolled;
  });
}

/**
 * Makes a node known, or known anew: certificates of an earlier enrolment are void from now on. Undefined for a node of the other
 * network, which it never leaves: what it may read depends on it.
 */
export async function recordNode(
  queries: Queries,
  { nodeId, network, engine }: NewNode,
  now: UnixMillis,
  notAfter: UnixMillis,
): Promise<Enrolment | undefined> {
  const known = await queries.selectFrom("edge_nodes").select("network").where("id", "=", nodeId).executeTakeFirst();
  if (known !== undefined && known.network !== network) return undefined;
  const enrolmentId = randomBytes(16).toString("hex");
  const certified = { enrolment_id: enrolmentId, certificate_not_after: timestamp(notAfter) };
  // Empty is the hash of nothing: a shared secret from before is void.
  const enrolment = { engine, ...certified, ...newIssue, credential_hash: "" };
  const unseen = { engine_version: "", highest_level: "verified", address: "", last_seen_at: null } as const;
  await queries
    .insertInto("edge_nodes")
    .values({
      id: nodeId,
      network,
      ...enrolment,
      ...unseen,
      clock_skew_seconds: null,
      sends_ca_names: null,
      created_at: timestamp(now),
      drained_at: null,
      connected_to: null,
    })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(enrolment))
    .execute();
  return { nodeId, network, enrolmentId, notAfter };
}

/** Its first certificate is not made yet, and there is no other of its enrolment. */
const newIssue = {
  newest_certificate: null,
  newest_not_after: null,
  latest_not_after: null,
  certificate_before: null,
  newest_shown_at: null,
};

/** The node of a certificate, if it is still wanted; undefined for one that was removed, or that has joined anew since. */
export async function authenticateNode(
  queries: Queries,
  { nodeId, network, enrolmentId }: NodeSubject,
): Promise<AuthenticatedNode | undefined> {
  const row = await queries
    .selectFrom("edge_nodes")
    .select("id")
    .where("id", "=", nodeId)
    .where("network", "=", network)
    .where("enrolment_id", "=", enrolmentId)
    .executeTakeFirst();
  return row === undefined ? undefined : { nodeId, network };
}

/** The engine that the node joined with. */
export async function enrolledEngine(queries: Queries, nodeId: string): Promise<string | undefined> {
  const row = await queries.selectFrom("edge_nodes").select("engine").where("id", "=", nodeId).executeTakeFirst();
  return row?.engine;
}
