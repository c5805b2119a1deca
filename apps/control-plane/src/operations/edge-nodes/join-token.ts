import { hash, randomBytes } from "node:crypto";
import type { CreateJoinTokenRequest, JoinTokenView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { recordAudit } from "../../audit/record-audit.ts";
import { type Queries, transaction } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import type { OperationContext } from "../context.ts";
import { type Enrolment, recordNode } from "./enrol-node.ts";
import { recordEvent } from "../history/record-event.ts";
import { done, refuse } from "../refuse.ts";
import { tellNodesChanged } from "../activations/nodes-changed.ts";

/** The secret is seen here alone; the store keeps its hash. */
export type NewJoinToken = { readonly secret: string; readonly view: Omit<JoinTokenView, "joinToken"> };

/** Makes a token with which one node may join one network, once and soon. */
export async function createJoinToken(
  { store, clock }: OperationContext,
  actor: Actor,
  { network, engine, nodeId, expiresInSeconds }: CreateJoinTokenRequest,
): Promise<Outcome<NewJoinToken>> {
  const secret = randomBytes(32).toString("base64url");
  const now = clock();
  const at = timestamp(now);
  const expiresAt = timestamp(now + expiresInSeconds * 1_000);
  return transaction(store, async (queries) => {
    if (nodeId !== null && (await belongsElsewhere(queries, nodeId, network))) {
      const detail = `The node ${nodeId} belongs to the other network, for good. Remove it first, or choose another name.`;
      return refuse("edge-node-of-other-network", detail, { contextInfo: { nodeId } });
    }
    // Those that nobody used are of no interest any more.
    await queries.deleteFrom("join_tokens").where("expires_at", "<=", at).execute();
    const bound = { network, engine, node_id: nodeId };
    const row = {
      token_hash: hashSecret(secret),
      ...bound,
      created_at: at,
      created_by: actor.name,
      expires_at: expiresAt,
    };
    await queries.insertInto("join_tokens").values(row).execute();
    const subject = { network, engine, nodeId, expiresAt };
    await recordAudit(queries, { at, by: actor.name, action: "CREATE_JOIN_TOKEN", subject });
    return done({ secret, view: { network, engine, nodeId, expiryDate: expiresAt } });
  });
}

/**
 * Uses a token up and makes its node known, in one transaction: of two who show the same one, one gets in. Undefined for a
 * token that is unknown, used or expired, which is not told apart: `recordRefusedJoin`. `address`: whose it was, for the record.
 */
export async function redeemJoinToken(
  { store, clock }: OperationContext,
  secret: string,
  { lifetimeMs, address }: { readonly lifetimeMs: number; readonly address: string },
): Promise<Enrolment | undefined> {
  const enrolled = await transaction(store, async (queries) => {
    const now = clock();
    const at = timestamp(now);
    const token = await takeToken(queries, secret, at);
    const nodeId = token?.node_id ?? `${token?.engine}-${randomBytes(4).toString("hex")}`;
    const node = token && (await recordNode(queries, { ...token, nodeId }, now, now + lifetimeMs));
    if (token === undefined || node === undefined) return undefined;
    const { network } = node;
    const subject = { nodeId, network, engine: token.engine, address };
    await recordAudit(queries, { at, by: `join token of ${token.created_by}`, action: "ENROL_NODE", subject });
    await recordEvent(queries, { type: "edge-node", nodeId, network, change: "enrolled" }, at);
    return node;
  });
  // Whoever held the node's earlier certificate is not the node any more.
  if (enrolled !== undefined) tellNodesChanged(store);
  return enrolled;
}

/** `isLast`: those that follow are not recorded for a while. */
export async function recordRefusedJoin(
  { store, clock }: OperationContext,
  address: string,
  isLast: boolean,
): Promise<void> {
  const subject = { address, ...(isLast && { more: "not recorded for a while" }) };
  await transaction(store, (queries) =>
    recordAudit(queries, {
      at: timestamp(clock()),
      by: "unknown node",
      action: "ENROL_NODE",
      subject,
      outcome: "join-token-refused",
    }),
  );
}

/** Compare and delete in one statement. The look-up is by the hash of 256 random bits: its time tells nothing. */
function takeToken(queries: Queries, secret: string, at: string) {
  return queries
    .deleteFrom("join_tokens")
    .where("token_hash", "=", hashSecret(secret))
    .where("expires_at", ">", at)
    .returningAll()
    .executeTakeFirst();
}

async function belongsElsewhere(queries: Queries, nodeId: string, network: string): Promise<boolean> {
  const known = await queries.selectFrom("edge_nodes").select("network").where("id", "=", nodeId).executeTakeFirst();
  return known !== undefined && known.network !== network;
}

function hashSecret(secret: string): string {
  return hash("sha256", secret);
}
