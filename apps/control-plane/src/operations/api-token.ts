import { hash, randomBytes } from "node:crypto";
import type { Role } from "@tcm/api-contract";
import type { Queries } from "../store/store.ts";
import { type Actor, type Clock, timestamp } from "./actor.ts";

/** Makes a token and keeps only its hash; the answer is the only time that it is seen. */
export async function createToken(queries: Queries, clock: Clock, role: Role, createdBy: string): Promise<string> {
  const token = `tcm_${randomBytes(32).toString("base64url")}`;
  const values = {
    token_hash: hashToken(token),
    prefix: token.slice(0, 8),
    role,
    created_at: timestamp(clock()),
    created_by: createdBy,
    last_used_at: null,
    revoked_at: null,
  };
  await queries.insertInto("api_tokens").values(values).execute();
  return token;
}

/**
 * Whose token this is. The look-up is by the SHA-256 of 256 random bits: how long it takes tells nothing about another
 * token, so that no comparison in constant time is needed.
 */
export async function findTokenActor(queries: Queries, token: string): Promise<Actor | undefined> {
  const row = await queries
    .selectFrom("api_tokens")
    .select(["id", "role"])
    .where("token_hash", "=", hashToken(token))
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return row === undefined ? undefined : { name: `token-${row.id}`, role: row.role };
}

function hashToken(token: string): string {
  return hash("sha256", token);
}
