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
export async function revokeMadeBy(queries: Queries, ended: Ended): Promise<void> {
  const makers = [ended.name];
  for (let maker = makers.shift(); maker !== undefined; maker = makers.shift())
    for (const kind of kinds)
      for (const { id, role } of await madeBy(queries, kind, maker)) {
        if (ended.role !== undefined && includesRole(ended.role, role)) continue;
        await revoke(queries, kind, id, maker, ended);
        makers.push(`${kind.prefix}-${id}`);
      }
}

const kinds = [
  { table: "api_tokens", key: "tokenId", action: "REVOKE_TOKEN", prefix: "token" },
  { table: "api_clients", key: "apiClientId", action: "REVOKE_API_CLIENT", prefix: "client" },
] as const;
type Kind = (typeof kinds)[number];

function madeBy(queries: Queries, { table }: Kind, maker: string) {
  return queries
    .selectFrom(table)
    .select(["id", "role"])
    .where("created_by", "=", maker)
    .where("revoked_at", "is", null)
    .orderBy("id")
    .execute();
}

async function revoke(queries: Queries, kind: Kind, id: number, maker: string, { name, at, by }: Ended): Promise<void> {
  await queries.updateTable(kind.table).set({ revoked_at: at }).where("id", "=", id).execute();
  const subject = { [kind.key]: id, madeBy: maker, because: `CHANGE_USER ${name}` };
  await recordAudit(queries, { at, by, action: kind.action, subject });
}
