import { includesRole, isAllowed, type Role } from "@tcm/api-contract";
import { recordAudit } from "../audit/record-audit.ts";
import type { Queries } from "../store/store.ts";
import { endSessionsOf } from "./sessions.ts";

export type Ended = {
  readonly name: string;
  /** What the maker may still do; undefined: nothing. */
  readonly role: Role | undefined;
  readonly at: string;
  readonly by: string;
  /** The command that ended it, as the record has it. */
  readonly because: string;
  /** After a theft: users that it made are disabled too. */
  readonly withUsers?: boolean;
};

/**
 * Nobody's credentials outlive the right to make them: tokens and API clients that the maker made, and those made with them in turn, are
 * revoked when they may do more than the maker may now, and join tokens when the maker may make none any more. For good: who comes back
 * makes new ones. Who gives the command keeps what it is given with.
 */
export async function revokeMadeBy(queries: Queries, ended: Ended): Promise<void> {
  const makers = [ended.name];
  const seen = new Set(makers);
  for (const maker of makers) {
    await revokeJoinTokens(queries, maker, maker === ended.name ? ended.role : undefined, ended);
    const found = [...(await revokeCredentials(queries, maker, ended)), ...(await disableUsers(queries, maker, ended))];
    for (const next of found.filter((name) => !seen.has(name))) {
      seen.add(next);
      makers.push(next);
    }
  }
}

const kinds = [
  { table: "api_tokens", key: "tokenId", action: "REVOKE_TOKEN", prefix: "token" },
  { table: "api_clients", key: "apiClientId", action: "REVOKE_API_CLIENT", prefix: "client" },
] as const;
type Kind = (typeof kinds)[number];

/** Answers them by the names that they make others under. With users, also those that were revoked before: what they made may be left. */
async function revokeCredentials(queries: Queries, maker: string, ended: Ended): Promise<readonly string[]> {
  const found: string[] = [];
  for (const kind of kinds)
    for (const { id, role, revoked_at } of await madeBy(queries, kind, maker)) {
      const name = `${kind.prefix}-${id}`;
      if (name === ended.by || (revoked_at !== null && ended.withUsers !== true)) continue;
      if (ended.role !== undefined && includesRole(ended.role, role)) continue;
      if (revoked_at === null) await revoke(queries, kind, id, maker, ended);
      found.push(name);
    }
  return found;
}

function madeBy(queries: Queries, { table }: Kind, maker: string) {
  return queries
    .selectFrom(table)
    .select(["id", "role", "revoked_at"])
    .where("created_by", "=", maker)
    .orderBy("id")
    .execute();
}

async function revoke(queries: Queries, kind: Kind, id: number, maker: string, ended: Ended): Promise<void> {
  const { at, by, because } = ended;
  await queries.updateTable(kind.table).set({ revoked_at: at }).where("id", "=", id).execute();
  const subject = { [kind.key]: id, madeBy: maker, because };
  await recordAudit(queries, { at, by, action: kind.action, subject });
}

async function revokeJoinTokens(
  queries: Queries,
  maker: string,
  role: Role | undefined,
  { at, by, because }: Ended,
): Promise<void> {
  if (role !== undefined && isAllowed(role, "change-edges")) return;
  const gone = await queries
    .deleteFrom("join_tokens")
    .where("created_by", "=", maker)
    .returning("expires_at")
    .execute();
  const count = gone.filter(({ expires_at }) => expires_at > at).length;
  if (count === 0) return;
  await recordAudit(queries, { at, by, action: "REVOKE_JOIN_TOKENS", subject: { count, madeBy: maker, because } });
}

async function disableUsers(queries: Queries, maker: string, ended: Ended): Promise<readonly string[]> {
  if (ended.withUsers !== true) return [];
  const { at, by, because } = ended;
  const made = await queries
    .selectFrom("users")
    .select(["id", "name", "disabled_at"])
    .where("created_by", "=", maker)
    .execute();
  const users = made.filter(({ name }) => name !== by);
  for (const { id, name } of users.filter(({ disabled_at }) => disabled_at === null)) {
    await queries.updateTable("users").set({ disabled_at: at }).where("id", "=", id).execute();
    await endSessionsOf(queries, id);
    await recordAudit(queries, {
      at,
      by,
      action: "CHANGE_USER",
      subject: { userId: id, name, disabled: true, madeBy: maker, because },
    });
  }
  return users.map(({ name }) => name);
}
