import type { ApiTokenView, CreateApiTokenRequest, CreatedApiToken } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import { type Actor, timestamp } from "../operations/actor.ts";
import { createToken, findToken } from "../operations/api-token.ts";
import { done, refuse } from "../operations/refuse.ts";
import type { ApiTokensTable } from "../store/identity-tables.ts";
import { type Queries, transaction } from "../store/store.ts";
import type { IdentityContext } from "./identity-context.ts";
import { refuseEndedMaker } from "./refuse-ended-maker.ts";
import { revokeMadeBy } from "./revoke-made-by.ts";

const dayMs = 86_400_000;

type TokenContext = Pick<IdentityContext, "store" | "clock">;

/** Newest first, revoked ones included. */
export async function listTokens({ store }: TokenContext): Promise<readonly ApiTokenView[]> {
  return (await store.db.selectFrom("api_tokens").selectAll().orderBy("id", "desc").execute()).map(present);
}

/** For an actor who may still make one when it is written down. */
export async function issueToken(
  context: TokenContext,
  actor: Actor,
  wish: CreateApiTokenRequest,
): Promise<Outcome<CreatedApiToken>> {
  return transaction(context.store, async (queries): Promise<Outcome<CreatedApiToken>> => {
    const ended = await refuseEndedMaker(queries, context, actor);
    return ended ?? done(await recordNewToken(queries, context, actor.name, wish));
  });
}

/** For who has the store itself in hand. */
export async function issueTokenAtStore(
  context: TokenContext,
  by: string,
  wish: CreateApiTokenRequest,
): Promise<CreatedApiToken> {
  return transaction(context.store, (queries) => recordNewToken(queries, context, by, wish));
}

/** On the record, as every way to make one is. */
async function recordNewToken(
  queries: Queries,
  { clock }: TokenContext,
  by: string,
  { name, role, expiresInDays }: CreateApiTokenRequest,
): Promise<CreatedApiToken> {
  const now = clock();
  const expiresAt = expiresInDays === undefined ? undefined : timestamp(now + expiresInDays * dayMs);
  const token = await createToken(queries, () => now, role, by, { name, expiresAt });
  const row = await findToken(queries, token);
  if (row === undefined) throw new Error("a token that was just made is not there");
  const subject = { tokenId: row.id, name, role, expiryDate: expiresAt ?? null };
  await recordAudit(queries, { at: timestamp(now), by, action: "CREATE_TOKEN", subject });
  return { ...present(row), token };
}

/** `withMade`: after a theft, also what was made with it and with that in turn; of one that was revoked before, too. */
export async function revokeToken(
  { store, clock }: TokenContext,
  actor: Actor,
  tokenId: number,
  { withMade }: { readonly withMade: boolean },
): Promise<Outcome<undefined>> {
  return transaction(store, async (queries): Promise<Outcome<undefined>> => {
    const at = timestamp(clock());
    const { numUpdatedRows } = await queries
      .updateTable("api_tokens")
      .set({ revoked_at: at })
      .where("id", "=", tokenId)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    const isKnown = numUpdatedRows > 0n || (withMade && (await exists(queries, tokenId)));
    if (!isKnown) return refuse("token-not-found", `There is no token ${tokenId} that could be revoked.`);
    const subject = { tokenId, ...(withMade && { withMade }) };
    await recordAudit(queries, { at, by: actor.name, action: "REVOKE_TOKEN", subject });
    const [name, because] = [`token-${tokenId}`, `REVOKE_TOKEN ${tokenId}`];
    if (withMade) await revokeMadeBy(queries, { name, role: undefined, at, by: actor.name, because, withUsers: true });
    return done(undefined);
  });
}

async function exists(queries: Queries, tokenId: number): Promise<boolean> {
  const row = await queries.selectFrom("api_tokens").select("id").where("id", "=", tokenId).executeTakeFirst();
  return row !== undefined;
}

function present(row: Selectable<ApiTokensTable>): ApiTokenView {
  return {
    tokenId: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role,
    createdDate: row.created_at,
    createdBy: row.created_by,
    expiryDate: row.expires_at,
    lastUsedDate: row.last_used_at,
    revokedDate: row.revoked_at,
  };
}
