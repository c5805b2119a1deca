import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Network } from "@tcm/core";
import { type Queries, type Store, transaction } from "../store/store.ts";
import { type Clock, timestamp } from "./actor.ts";

export type NodeCredential = { readonly nodeId: string; readonly network: Network; readonly credential: string };

/** A node as it is known after it has shown its credential. */
export type AuthenticatedNode = { readonly nodeId: string; readonly network: Network };

/**
 * Makes a node known and gives it a new credential, of which only the hash is kept; an earlier one is void from now on. A node
 * never changes its network: what it may read depends on it.
 */
export async function enrolNode(store: Store, clock: Clock, nodeId: string, network: Network): Promise<NodeCredential> {
  const credential = `tcmn_${randomBytes(32).toString("base64url")}`;
  await transaction(store, async (queries) => {
    const known = await queries.selectFrom("edge_nodes").select("network").where("id", "=", nodeId).executeTakeFirst();
    if (known !== undefined && known.network !== network) throw new Error(`node ${nodeId} belongs to ${known.network}`);
    const credentialHash = hash("sha256", credential);
    await queries
      .insertInto("edge_nodes")
      .values({
        id: nodeId,
        network,
        engine: "built-in",
        engine_version: "",
        highest_level: "verified",
        address: "",
        credential_hash: credentialHash,
        created_at: timestamp(clock()),
        last_seen_at: null,
        drained_at: null,
        connected_to: null,
      })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ credential_hash: credentialHash }))
      .execute();
  });
  return { nodeId, network, credential };
}

/** The node whose credential this is; undefined for everything else. */
export async function authenticateNode(
  queries: Queries,
  nodeId: string,
  credential: string,
): Promise<AuthenticatedNode | undefined> {
  const row = await queries
    .selectFrom("edge_nodes")
    .select(["id", "network", "credential_hash"])
    .where("id", "=", nodeId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const shown = Buffer.from(hash("sha256", credential), "hex");
  const isRight = timingSafeEqual(shown, Buffer.from(row.credential_hash, "hex"));
  return isRight ? { nodeId: row.id, network: row.network } : undefined;
}
