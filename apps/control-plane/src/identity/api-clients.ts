import { randomBytes } from "node:crypto";
import type { ApiClientProfile, ApiClientView, CreatedApiClient } from "@tcm/api-contract";
import type { Role } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import { type Actor, timestamp } from "../operations/actor.ts";
import { done, refuse } from "../operations/refuse.ts";
import type { ApiClientsTable } from "../store/identity-tables.ts";
import { type Queries, transaction } from "../store/store.ts";
import type { IdentityContext } from "./identity-context.ts";
import { refuseEndedMaker } from "./refuse-ended-maker.ts";
import { revokeMadeBy } from "./revoke-made-by.ts";

export type ApiClientRow = Selectable<ApiClientsTable>;

export type NewApiClient = { readonly name: string; readonly role: Role; readonly profile: ApiClientProfile };

export async function listApiClients({ store }: IdentityContext): Promise<readonly ApiClientView[]> {
  return (await store.db.selectFrom("api_clients").selectAll().orderBy("id", "desc").execute()).map(present);
}

/** For an actor who may still make one when it is written down. The secret is sealed at once; the answer is the only time that it is seen. */
export async function createApiClient(
  context: IdentityContext,
  actor: Actor,
  { name, role, profile }: NewApiClient,
): Promise<Outcome<CreatedApiClient>> {
  const { store, clock, operatorKey, publicUrl } = context;
  const clientToken = newName();
  const secret = randomBytes(32).toString("base64");
  return transaction(store, async (queries): Promise<Outcome<CreatedApiClient>> => {
    const ended = await refuseEndedMaker(queries, context, actor);
    if (ended !== undefined) return ended;
    const at = timestamp(clock());
    const row = await queries
      .insertInto("api_clients")
      .values({
        name,
        client_token: clientToken,
        access_token: newName(),
        client_secret_sealed: operatorKey.seal(Buffer.from(secret), purposeOf(clientToken)),
        role,
        profile,
        created_at: at,
        created_by: actor.name,
        last_used_at: null,
        revoked_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const subject = { apiClientId: row.id, name, role, profile };
    await recordAudit(queries, { at, by: actor.name, action: "CREATE_API_CLIENT", subject });
    return done({ ...present(row), edgerc: edgercSection(row, secret, publicUrl()) });
  });
}

/** `withMade`: as with tokens. */
export async function revokeApiClient(
  { store, clock }: IdentityContext,
  actor: Actor,
  apiClientId: number,
  { withMade }: { readonly withMade: boolean },
): Promise<Outcome<undefined>> {
  return transaction(store, async (queries): Promise<Outcome<undefined>> => {
    const at = timestamp(clock());
    const { numUpdatedRows } = await queries
      .updateTable("api_clients")
      .set({ revoked_at: at })
      .where("id", "=", apiClientId)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    const isKnown = numUpdatedRows > 0n || (withMade && (await exists(queries, apiClientId)));
    if (!isKnown) return refuse("api-client-not-found", `There is no API client ${apiClientId} that could be revoked.`);
    const subject = { apiClientId, ...(withMade && { withMade }) };
    await recordAudit(queries, { at, by: actor.name, action: "REVOKE_API_CLIENT", subject });
    const [name, because] = [`client-${apiClientId}`, `REVOKE_API_CLIENT ${apiClientId}`];
    if (withMade) await revokeMadeBy(queries, { name, role: undefined, at, by: actor.name, because, withUsers: true });
    return done(undefined);
  });
}

async function exists(queries: Queries, apiClientId: number): Promise<boolean> {
  const row = await queries.selectFrom("api_clients").select("id").where("id", "=", apiClientId).executeTakeFirst();
  return row !== undefined;
}

export function findApiClient(queries: Queries, clientToken: string): Promise<ApiClientRow | undefined> {
  return queries
    .selectFrom("api_clients")
    .selectAll()
    .where("client_token", "=", clientToken)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
}

export function secretOf({ operatorKey }: Pick<IdentityContext, "operatorKey">, row: ApiClientRow): string {
  return Buffer.from(operatorKey.open(row.client_secret_sealed, purposeOf(row.client_token))).toString();
}

function present(row: ApiClientRow): ApiClientView {
  return {
    apiClientId: row.id,
    name: row.name,
    clientToken: row.client_token,
    role: row.role,
    profile: row.profile,
    createdDate: row.created_at,
    createdBy: row.created_by,
    lastUsedDate: row.last_used_at,
    revokedDate: row.revoked_at,
  };
}

/** In the form that clients are used to. */
function newName(): string {
  return `akab-${randomBytes(8).toString("hex")}-${randomBytes(8).toString("hex")}`;
}

/** Clients take the host without its scheme, which is always https. */
function edgercSection(row: ApiClientRow, secret: string, publicUrl: string): string {
  return [
    "[default]",
    `client_secret = ${secret}`,
    `host = ${new URL(publicUrl).host}`,
    `access_token = ${row.access_token}`,
    `client_token = ${row.client_token}`,
    "",
  ].join("\n");
}

function purposeOf(clientToken: string): string {
  return `edgegrid-secret ${clientToken}`;
}
