import { timestamp } from "../operations/actor.ts";
import { writeIfPossible } from "../operations/store-fault.ts";
import type { Queries } from "../store/store.ts";
import type { Credential } from "./credential.ts";
import type { IdentityContext } from "./identity-context.ts";
import { hashSecret, newSecret } from "./secret.ts";

/** Unused for as long, it ends: a working day has breaks. */
const idleMs = 2 * 3_600_000;
/** However much it is used. */
const longestMs = 12 * 3_600_000;
const usedEveryMs = 60_000;

/** A new session, and what goes into the cookie. A session is never taken over from what a browser sent. */
export async function startSession(
  queries: Queries,
  { clock }: Pick<IdentityContext, "clock">,
  userId: number,
): Promise<string> {
  const secret = newSecret();
  const now = clock();
  await queries.deleteFrom("sessions").where("expires_at", "<=", timestamp(now)).execute();
  await queries
    .insertInto("sessions")
    .values({
      token_hash: hashSecret(secret),
      user_id: userId,
      created_at: timestamp(now),
      last_used_at: timestamp(now),
      expires_at: timestamp(now + longestMs),
    })
    .execute();
  await queries
    .updateTable("users")
    .set({ last_sign_in_at: timestamp(now) })
    .where("id", "=", userId)
    .execute();
  return secret;
}

/** Whose session this is, as long as neither it nor the user has ended. */
export async function findSession(
  { store: { db }, clock }: Pick<IdentityContext, "store" | "clock">,
  secret: string,
  { isUse } = { isUse: true },
): Promise<Credential | undefined> {
  const now = clock();
  const row = await db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .select(["users.id", "users.name", "users.role", "sessions.last_used_at", "sessions.expires_at"])
    .where("token_hash", "=", hashSecret(secret))
    .where("expires_at", ">", timestamp(now))
    .where("last_used_at", ">", timestamp(now - idleMs))
    .where("users.disabled_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (isUse && row.last_used_at <= timestamp(now - usedEveryMs)) {
    const use = db.updateTable("sessions").set({ last_used_at: timestamp(now) });
    // A use that could not be noted does not prolong the session.
    await writeIfPossible(use.where("token_hash", "=", hashSecret(secret)).execute());
  }
  const { id, name, role, expires_at: expiryDate } = row;
  return { kind: "session", actor: { name, role }, userId: id, expiryDate };
}

export async function endSession(queries: Queries, secret: string): Promise<void> {
  await queries.deleteFrom("sessions").where("token_hash", "=", hashSecret(secret)).execute();
}

/** Everywhere at once: after a new password, another role, or the end of an account. */
export async function endSessionsOf(queries: Queries, userId: number): Promise<void> {
  await queries.deleteFrom("sessions").where("user_id", "=", userId).execute();
}
