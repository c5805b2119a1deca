import { includesRole, type Role } from "@tcm/api-contract";
import { recordAudit } from "../audit/record-audit.ts";
import type { Queries } from "../store/store.ts";

export type Ended = {
  readonly name: string;
  /** What the maker may still do; undefined: nothing. */
  readonly role: Role | undefined;
  readonly at: string;
  readonly by: string;
};

/**
 * Nobody's credentials outlive the right to make them: tokens and API clients that the user made, and those made with them in turn, are
 * revoked when they may do more than the user may now. For good: who comes back makes new ones.
 */
export async function revokeMadeBy(queries: Queries, { name, role, at, by }: Ended): Promise<void> {
  const makers = [name];
  for (let maker = makers.shift(); maker !== undefined; maker = makers.shift()) {
    for (const kind of kinds) {
      const made = await queries
        .selectFrom(kind.table)
        .select(["id", "role"])
        .where("created_by", "=", maker)
        .where("revoked_at", "is", null)
        .orderBy("id")
        .execute();
      for (const one of made) {
        if (role !== undefined && includesRole(role, one.role)) continue;
        await queries.updateTable(kind.table).set({ revoked_at: at }).where("id", "=", one.id).execute();
        const subject = { [kind.key]: one.id, madeBy: maker, because: `CHANGE_USER ${name}` };
        await recordAudit(queries, { at, by, action: kind.action, subject });
        makers.push(`${kind.prefix}-${one.id}`);
      }
    }
  }
}

const kinds = [
  { table: "api_tokens", key: "tokenId", action: "REVOKE_TOKEN", prefix: "token" },
  { table: "api_clients", key: "apiClientId", action: "REVOKE_API_CLIENT", prefix: "client" },
] as const;
