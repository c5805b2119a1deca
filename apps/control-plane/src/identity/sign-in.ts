import type { Outcome } from "@tcm/core";
import { recordAudit } from "../audit/record-audit.ts";
import { timestamp } from "../operations/actor.ts";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import { type Queries, transaction } from "../store/store.ts";
import type { IdentityContext } from "./identity-context.ts";
import { hashPassword, verifyPassword } from "./password-hash.ts";
import { refusePassword } from "./password-rules.ts";
import { endSession, endSessionsOf, startSession } from "./sessions.ts";
import { recordRefusedSignIn } from "./refused-sign-in.ts";
import { forgetTries, refuseSignIn } from "./sign-in-limit.ts";
import { findUserByName, type UserRow } from "./user-row.ts";

export type SignIn = {
  readonly name: string;
  readonly password: string;
  readonly address: string;
  /** The cookie that came along: its session ends. */
  readonly earlier: string | undefined;
};

/** Answers what goes into the cookie. Why it is refused is not told. */
export async function signIn(context: IdentityContext, wish: SignIn): Promise<Outcome<string>> {
  const { store, clock } = context;
  const user = await checkPassword(context, wish);
  if (!user.ok) return user;
  return transaction(store, async (queries): Promise<Outcome<string>> => {
    // The password may have been changed, or the account ended, while the hash was computed.
    if (!(await isStill(queries, user.value))) return refuseWrong();
    await forgetTries(queries, wish);
    if (wish.earlier !== undefined) await endSession(queries, wish.earlier);
    const { id, name } = user.value;
    await recordAudit(queries, { at: timestamp(clock()), by: name, action: "SIGN_IN", subject: { userId: id } });
    return done(await startSession(queries, context, id));
  });
}

/** For whoever kept the cookie as well. */
export async function signOut({ store, clock }: IdentityContext, secret: string, by: string): Promise<void> {
  await transaction(store, async (queries) => {
    await endSession(queries, secret);
    await recordAudit(queries, { at: timestamp(clock()), by, action: "SIGN_OUT", subject: {} });
  });
}

export type PasswordChange = {
  readonly name: string;
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly address: string;
};

/** Ends every session of the user, and answers the cookie of a new one. */
export async function changePassword(context: IdentityContext, change: PasswordChange): Promise<Outcome<string>> {
  const { store, clock } = context;
  const { name, currentPassword, newPassword, address } = change;
  const user = await checkPassword(context, { name, password: currentPassword, address });
  if (!user.ok) return user;
  const weak = refusePassword(newPassword, name);
  if (weak !== undefined) return weak;
  const hashed = await hashPassword(newPassword);
  if (hashed === undefined) return busySigningIn();
  return transaction(store, async (queries): Promise<Outcome<string>> => {
    const { id } = user.value;
    // Who was given a new password, or was disabled, while the hashes were computed does not undo that.
    if (!(await isStill(queries, user.value))) return refuseWrong();
    await forgetTries(queries, { name, address });
    await queries.updateTable("users").set({ password_hash: hashed }).where("id", "=", id).execute();
    await endSessionsOf(queries, id);
    const subject = { userId: id, name };
    await recordAudit(queries, { at: timestamp(clock()), by: name, action: "CHANGE_PASSWORD", subject });
    return done(await startSession(queries, context, id));
  });
}

async function checkPassword(
  { store, clock }: IdentityContext,
  { name, password, address }: Pick<SignIn, "name" | "password" | "address">,
) {
  const record = async (refusal: Refusal): Promise<Refusal> => {
    const refused = { name, address, outcome: refusal.problem.slug };
    await transaction(store, (queries) => recordRefusedSignIn(queries, clock(), refused));
    return refusal;
  };
  const limited = await refuseSignIn(store, { name, address }, clock());
  if (limited !== undefined) return record(limited);
  const user = await findUserByName(store.db, name);
  const usable = user?.disabled_at === null ? user : undefined;
  const fits = await verifyPassword(password, usable?.password_hash ?? null);
  if (fits === "busy") return busySigningIn();
  if (!fits || usable === undefined) return record(refuseWrong());
  return done(usable);
}

/** With the password that was checked, and not disabled. */
async function isStill(queries: Queries, { name, password_hash }: UserRow): Promise<boolean> {
  const now = await findUserByName(queries, name);
  return now?.password_hash === password_hash && now.disabled_at === null;
}

function refuseWrong(): Refusal {
  return refuse("unauthorized", "The name or the password is wrong.");
}

export function busySigningIn(): Refusal {
  return refuse("service-busy", "Too many sign-ins at once. Try again in a few seconds.");
}
