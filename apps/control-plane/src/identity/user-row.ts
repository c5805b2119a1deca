import type { UserView } from "@tcm/api-contract";
import type { Selectable } from "kysely";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import type { UsersTable } from "../store/identity-tables.ts";
import type { Queries } from "../store/store.ts";

export type UserRow = Selectable<UsersTable>;

export function presentUser(row: UserRow): UserView {
  return {
    userId: row.id,
    name: row.name,
    role: row.role,
    signIn: row.oidc_subject === null ? "password" : "oidc",
    disabled: row.disabled_at !== null,
    createdDate: row.created_at,
    createdBy: row.created_by,
    lastSignInDate: row.last_sign_in_at,
  };
}

export function findUserByName(queries: Queries, name: string): Promise<UserRow | undefined> {
  return queries.selectFrom("users").selectAll().where("name", "=", name).executeTakeFirst();
}

export async function findUser(queries: Queries, id: number) {
  const row = await queries.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? refuse("user-not-found", `There is no user ${id}.`) : done(row);
}

export async function hasAdmin(queries: Queries, besides = 0): Promise<boolean> {
  const row = await queries
    .selectFrom("users")
    .select("id")
    .where("role", "=", "admin")
    .where("disabled_at", "is", null)
    .where("id", "!=", besides)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export type NewUser = Pick<UserRow, "name" | "role" | "password_hash" | "oidc_subject" | "created_at" | "created_by">;

export async function insertUser(queries: Queries, user: NewUser): Promise<UserRow | Refusal> {
  if ((await findUserByName(queries, user.name)) !== undefined)
    return refuse("user-name-is-not-unique", `There is already a user ${user.name}.`);
  return queries
    .insertInto("users")
    .values({ ...user, disabled_at: null, last_sign_in_at: null })
    .returningAll()
    .executeTakeFirstOrThrow();
}
