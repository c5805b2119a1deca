import type { Role } from "@tcm/api-contract";
import { type Actor, timestamp } from "../operations/actor.ts";
import { type Refusal, refuse } from "../operations/refuse.ts";
import { refuseMissingRight } from "../operations/refuse-missing-right.ts";
import type { Queries } from "../store/store.ts";
import type { IdentityContext } from "./identity-context.ts";
import { findUserByName } from "./user-row.ts";

/**
 * Who was let in may have been disabled, demoted or revoked since. What they make is revoked with that, so that it is asked again in
 * the transaction that makes it: either the revocation finds it there, or it is refused here.
 */
export async function refuseEndedMaker(
  queries: Queries,
  { clock }: Pick<IdentityContext, "clock">,
  { name }: Actor,
): Promise<Refusal | undefined> {
  const role = await roleNow(queries, name, timestamp(clock()));
  if (role === undefined) return refuse("unauthorized", "The account or the token that asked for this has ended.");
  return refuseMissingRight({ name, role }, "administer");
}

/** No user can have a name of the form of the others. */
async function roleNow(queries: Queries, name: string, now: string): Promise<Role | undefined> {
  const [, kind, id] = /^(token|client)-(\d+)$/.exec(name) ?? [];
  if (kind === undefined) {
    const user = await findUserByName(queries, name);
    return user?.disabled_at === null ? user.role : undefined;
  }
  if (kind === "client") {
    const client = await queries
      .selectFrom("api_clients")
      .select("role")
      .where("id", "=", Number(id))
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    return client?.role;
  }
  const token = await queries
    .selectFrom("api_tokens")
    .select(["role", "expires_at"])
    .where("id", "=", Number(id))
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return token === undefined || (token.expires_at !== null && token.expires_at <= now) ? undefined : token.role;
}
