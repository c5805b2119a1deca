import { hash, randomBytes } from "node:crypto";
import type { Role } from "@tcm/api-contract";
import type { Queries } from "../store/store.ts";
import { type Actor, type Clock, timestamp } from "./actor.ts";
import { writeIfPossible } from "./store-fault.ts";

export type NewToken = {
  readonly name?: string;
  /** Undefined: it stays valid until it is revoked. */
  readonly expiresAt?: string | undefined;
};

/** Makes a token and keeps only its hash; the answer is the only time that it is seen. */
export async function createToken(
  queries: Queries,
  clock: Clock,
  role: Role,
  createdBy: string,
  { name, expiresAt }: NewToken = {},
): Promise<string> {
  const token = `tcm_${randomBytes(32).toString("base64url")}`;
  const values = {
    token_hash: hashToken(token),
    prefix: token.slice(0, 8),
    role,
    created_at: timestamp(clock()),
    created_by: createdBy,
    last_used_at: null,
    revoked_at: null,
    name: name ?? null,
    expires_at: expiresAt ?? null,
  };
  await queries.insertInto("api_tokens").values(values).execute();
  return token;
}

export type TokenHolder = { readonly actor: Actor; readonly expiryDate: string | null };

/** When a token was last used is written at most so often: reads do not become writes. */
const usedEveryMs = 60_000;

/**
 * Whose token this is. The look-up is by the SHA-256 of 256 random bits: how long it takes tells nothing about another
 * token, so that no comparison in constant time is needed.
 */
export async function findTokenHolder(queries: Queries, clock: Clock, token: string): Promise<TokenHolder | undefined> {
  const now = clock();
  const row = await findToken(queries, token);
  if (row === undefined || (row.expires_at !== null && row.expires_at <= timestamp(now))) return undefined;
  if (row.last_used_at === null || row.last_used_at <= timestamp(now - usedEveryMs)) {
    const use = queries
      .updateTable("api_tokens")
      .set({ last_used_at: timestamp(now) })
      .where("id", "=", row.id);
    await writeIfPossible(use.execute());
  }
  return { actor: { name: `token-${row.id}`, role: row.role }, expiryDate: row.expires_at };
}

export function findToken(queries: Queries, token: string) {
  return queries
    .selectFrom("api_tokens")
    .selectAll()
    .where("token_hash", "=", hashToken(token))
    .where("revoked_at", "is", null)
    .executeTakeFirst();
}

function hashToken(token: string): string {
  return hash("sha256", token);
}
