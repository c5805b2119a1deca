import type { RedeemSignInLinkRequest } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { recordAudit } from "../audit/record-audit.ts";
import { timestamp } from "../operations/actor.ts";
import { done, refuse } from "../operations/refuse.ts";
import { type Queries, transaction } from "../store/store.ts";
import type { IdentityContext } from "./identity-context.ts";
import { hashPassword } from "./password-hash.ts";
import { refusePassword } from "./password-rules.ts";
import { hashSecret, newSecret } from "./secret.ts";
import { startSession } from "./sessions.ts";
import { busySigningIn } from "./sign-in.ts";
import { hasAdmin, insertUser } from "./user-row.ts";

const validMs = 15 * 60_000;

/**
 * A link for whoever started the product, as long as nobody administers it; undefined when somebody does. The token is in the
 * fragment, which browsers send to no server. A new link takes the place of an older one.
 */
export async function createSignInLink({
  store,
  clock,
  publicUrl,
}: Pick<IdentityContext, "store" | "clock" | "publicUrl">): Promise<string | undefined> {
  const secret = newSecret();
  const made = await transaction(store, async (queries) => {
    if (await hasAdmin(queries)) return false;
    await queries.deleteFrom("sign_in_links").execute();
    await queries
      .insertInto("sign_in_links")
      .values({ token_hash: hashSecret(secret), expires_at: timestamp(clock() + validMs) })
      .execute();
    return true;
  });
  return made ? `${publicUrl()}/sign-in#first=${secret}` : undefined;
}

/** Makes the first admin, and answers the cookie of their session. The link is used up by it, and by nothing else. */
export async function redeemSignInLink(
  context: IdentityContext,
  { token, name, password }: RedeemSignInLinkRequest,
): Promise<Outcome<string>> {
  const { store, clock } = context;
  // Before the costly hash, which nobody without the link can ask for.
  if (!(await isValid(store.db, token, timestamp(clock())))) return refuseLink();
  const weak = refusePassword(password, name);
  if (weak !== undefined) return weak;
  const hashed = await hashPassword(password);
  if (hashed === undefined) return busySigningIn();
  return transaction(store, async (queries): Promise<Outcome<string>> => {
    const at = timestamp(clock());
    if (!(await isValid(queries, token, at))) return refuseLink();
    const user = await insertUser(queries, {
      name,
      role: "admin",
      password_hash: hashed,
      oidc_subject: null,
      created_at: at,
      created_by: name,
    });
    if ("ok" in user) return user;
    await queries.deleteFrom("sign_in_links").execute();
    const subject = { userId: user.id, name, role: user.role };
    await recordAudit(queries, { at, by: name, action: "CREATE_FIRST_ADMIN", subject });
    return done(await startSession(queries, context, user.id));
  });
}

async function isValid(queries: Queries, token: string, at: string): Promise<boolean> {
  const row = await queries
    .selectFrom("sign_in_links")
    .select("token_hash")
    .where("token_hash", "=", hashSecret(token))
    .where("expires_at", ">", at)
    .executeTakeFirst();
  return row !== undefined && !(await hasAdmin(queries));
}

function refuseLink() {
  return refuse(
    "sign-in-link-not-valid",
    "The link was used, is older than 15 minutes, or an administrator exists. Sign in, or start the control plane again.",
  );
}
