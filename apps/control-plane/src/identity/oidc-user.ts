import { hash } from "node:crypto";
import { type Role, userName } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { recordAudit } from "../audit/record-audit.ts";
import { timestamp } from "../operations/actor.ts";
import { done, refuse } from "../operations/refuse.ts";
import { type Queries, transaction } from "../store/store.ts";
import type { IdentityContext } from "./identity-context.ts";
import { recordRefusedSignIn } from "./refused-sign-in.ts";
import { revokeMadeBy } from "./revoke-made-by.ts";
import { endSession, endSessionsOf, startSession } from "./sessions.ts";
import { findUserByName, insertUser, type NewUser } from "./user-row.ts";

/** Whom the provider has let in. */
export type OidcIdentity = {
  readonly issuer: string;
  /** The only claim that never changes and is never given to another. */
  readonly sub: string;
  readonly preferredName: string;
  readonly role: Role;
};

/** The role is the provider's word, at every sign-in anew. Answers what goes into the cookie. */
export async function signInOidcUser(
  context: IdentityContext,
  identity: OidcIdentity,
  earlier: string | undefined,
): Promise<Outcome<string>> {
  const { store, clock } = context;
  return transaction(store, async (queries): Promise<Outcome<string>> => {
    const at = timestamp(clock());
    const user = await findOrInsert(queries, identity, at);
    if ("ok" in user) return user;
    if (user.disabled_at !== null) {
      const refusal = refuse("forbidden", `The account ${user.name} is disabled here.`);
      await recordRefusedSignIn(queries, clock(), { name: user.name, outcome: refusal.problem.slug });
      return refusal;
    }
    if (user.role !== identity.role) {
      await endSessionsOf(queries, user.id);
      await queries.updateTable("users").set({ role: identity.role }).where("id", "=", user.id).execute();
      const because = `CHANGE_USER ${user.name}`;
      await revokeMadeBy(queries, { name: user.name, role: identity.role, at, by: user.name, because });
    }
    if (earlier !== undefined) await endSession(queries, earlier);
    const subject = { userId: user.id, role: identity.role, issuer: identity.issuer };
    await recordAudit(queries, { at, by: user.name, action: "SIGN_IN", subject });
    return done(await startSession(queries, context, user.id));
  });
}

async function findOrInsert(queries: Queries, identity: OidcIdentity, at: string) {
  const subject = JSON.stringify([identity.issuer, identity.sub]);
  const known = await queries.selectFrom("users").selectAll().where("oidc_subject", "=", subject).executeTakeFirst();
  if (known !== undefined) return known;
  const name = await freeName(queries, identity, subject);
  const user: NewUser = {
    name,
    role: identity.role,
    password_hash: null,
    oidc_subject: subject,
    created_at: at,
    created_by: name,
  };
  return insertUser(queries, user);
}

/** A name never makes two people one: who comes second, or has a name that is none here, is told apart by the subject. */
async function freeName(queries: Queries, { preferredName }: OidcIdentity, subject: string): Promise<string> {
  const isFree = userName.safeParse(preferredName).success && !(await findUserByName(queries, preferredName));
  if (isFree) return preferredName;
  const stem = preferredName.replaceAll(/[^A-Za-z0-9_.@+-]/g, "").replace(/^[^A-Za-z0-9]+/, "");
  return `${stem.slice(0, 40) || "user"}-${hash("sha256", subject).slice(0, 12)}`;
}
