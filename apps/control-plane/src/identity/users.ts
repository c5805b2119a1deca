import type { ChangeUserRequest, CreateUserRequest, UserView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { recordAudit } from "../audit/record-audit.ts";
import { type Actor, timestamp } from "../operations/actor.ts";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import { type Queries, transaction } from "../store/store.ts";
import type { IdentityContext } from "./identity-context.ts";
import { hashPassword } from "./password-hash.ts";
import { refusePassword } from "./password-rules.ts";
import { refuseEndedMaker } from "./refuse-ended-maker.ts";
import { revokeMadeBy } from "./revoke-made-by.ts";
import { endSessionsOf } from "./sessions.ts";
import { busySigningIn } from "./sign-in.ts";
import { findUser, hasAdmin, insertUser, presentUser, type UserRow } from "./user-row.ts";

export async function listUsers({ store }: IdentityContext): Promise<readonly UserView[]> {
  return (await store.db.selectFrom("users").selectAll().orderBy("name").execute()).map(presentUser);
}

export async function createUser(
  { store, clock }: IdentityContext,
  actor: Actor,
  { name, role, password }: CreateUserRequest,
): Promise<Outcome<UserView>> {
  const weak = refusePassword(password, name);
  if (weak !== undefined) return weak;
  const hashed = await hashPassword(password);
  if (hashed === undefined) return busySigningIn();
  return transaction(store, async (queries): Promise<Outcome<UserView>> => {
    const ended = await refuseEndedMaker(queries, { clock }, actor);
    if (ended !== undefined) return ended;
    const at = timestamp(clock());
    const row = await insertUser(queries, {
      name,
      role,
      password_hash: hashed,
      oidc_subject: null,
      created_at: at,
      created_by: actor.name,
    });
    if ("ok" in row) return row;
    const subject = { userId: row.id, name, role };
    await recordAudit(queries, { at, by: actor.name, action: "CREATE_USER", subject });
    return done(presentUser(row));
  });
}

/**
 * Whatever changes, every session of the user ends: none goes on with what the user was before. Nor do tokens and API clients that the
 * user made and that may do more than the user may now.
 */
export async function changeUser(
  { store, clock }: IdentityContext,
  actor: Actor,
  id: number,
  { role, disabled, password }: ChangeUserRequest,
): Promise<Outcome<UserView>> {
  const known = await findUser(store.db, id);
  if (!known.ok) return known;
  const weak = password === undefined ? undefined : refusePasswordOf(known.value, password);
  if (weak !== undefined) return weak;
  const hashed = password === undefined ? undefined : await hashPassword(password);
  if (password !== undefined && hashed === undefined) return busySigningIn();
  return transaction(store, async (queries): Promise<Outcome<UserView>> => {
    const found = await findUser(queries, id);
    if (!found.ok) return found;
    const before = found.value;
    const at = timestamp(clock());
    const after: UserRow = {
      ...before,
      role: role ?? before.role,
      disabled_at: disabled === undefined ? before.disabled_at : disabled ? (before.disabled_at ?? at) : null,
      password_hash: hashed ?? before.password_hash,
    };
    const last = await refuseLastAdmin(queries, after);
    if (last !== undefined) return last;
    const { role: newRole, disabled_at, password_hash } = after;
    await queries
      .updateTable("users")
      .set({ role: newRole, disabled_at, password_hash })
      .where("id", "=", id)
      .execute();
    await endSessionsOf(queries, id);
    const change = { role, disabled, ...(hashed !== undefined && { password: "changed" }) };
    const subject = { userId: id, name: before.name, ...change };
    await recordAudit(queries, { at, by: actor.name, action: "CHANGE_USER", subject });
    const mayDo = disabled_at === null ? newRole : undefined;
    const because = `CHANGE_USER ${before.name}`;
    await revokeMadeBy(queries, { name: before.name, role: mayDo, at, by: actor.name, because });
    return done(presentUser(after));
  });
}

/** Somebody has to be left who may change roles. Where there was nobody, nobody is missed. */
async function refuseLastAdmin(
  queries: Queries,
  { id, name, role, disabled_at }: UserRow,
): Promise<Refusal | undefined> {
  const administers = role === "admin" && disabled_at === null;
  if (administers || (await hasAdmin(queries, id)) || !(await hasAdmin(queries))) return undefined;
  return refuse("last-admin", `${name} is the only administrator. Make somebody else one first.`);
}

function refusePasswordOf({ name, oidc_subject }: UserRow, password: string): Refusal | undefined {
  if (oidc_subject === null) return refusePassword(password, name);
  return refuse("password-not-acceptable", `${name} signs in with the identity provider and has no password here.`);
}
