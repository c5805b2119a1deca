import { timingSafeEqual } from "node:crypto";
import type { Outcome, UnixMillis } from "@tcm/core";
import { timestamp } from "../operations/actor.ts";
import { metsDefaults } from "../operations/versions/version-request.ts";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import type { Queries } from "../store/store.ts";
import { type ApiClientRow, findApiClient, secretOf } from "./api-clients.ts";
import type { Credential } from "./credential.ts";
import { type EdgegridHeader, parseEdgegridHeader } from "./edgegrid-header.ts";
import { isSignedBy, type SignedRequest } from "./edgegrid-signature.ts";
import type { IdentityContext } from "./identity-context.ts";
import { hashSecret } from "./secret.ts";

/** Who says that they signed a request; whether they did is still to be verified. */
export type Signer = { readonly client: ApiClientRow; readonly header: EdgegridHeader };

/** Other control planes on the same database have clocks of their own. */
const clockMarginMs = 60_000;
const usedEveryMs = 60_000;

/** Looks at the header alone: nobody makes this server read a body without it. */
export async function findSigner(
  { store, clock, edgegridWindowMs }: IdentityContext,
  authorization: string,
  isEncrypted: boolean,
): Promise<Outcome<Signer>> {
  if (!isEncrypted)
    return refuse(
      "tls-required",
      "Requests signed with EdgeGrid are taken over TLS alone: the body of a PUT is not signed.",
    );
  const header = parseEdgegridHeader(authorization);
  if (header === undefined) return refused("The Authorization header is not in the form of EG1-HMAC-SHA256.");
  const client = await findApiClient(store.db, header.clientToken);
  if (client === undefined || !isSame(client.access_token, header.accessToken)) return notAccepted();
  const now = clock();
  if (Math.abs(now - header.time) > edgegridWindowMs) {
    const seconds = edgegridWindowMs / 1000;
    return refused(`The timestamp is more than ${seconds} s from the time here, ${timestamp(now)}. Set the clock.`);
  }
  return done({ client, header });
}

/** Verifies the signature, and uses up its nonce: the same request is not taken twice, also not by another control plane. */
export async function verifySigner(
  context: IdentityContext,
  { client, header }: Signer,
  request: SignedRequest,
): Promise<Outcome<Credential>> {
  if (!isSignedBy(secretOf(context, client), header, request)) return notAccepted();
  const isFresh = await takeNonce(context, client, header);
  if (!isFresh) return refused("The nonce was used before. Sign every request anew.");
  const name = `client-${client.id}`;
  const defaults = client.profile === "mets" ? { defaults: metsDefaults } : {};
  return done({ kind: "api-client", actor: { name, role: client.role, ...defaults }, expiryDate: null });
}

/** Whether the client may still be one. */
export async function isStillApiClient({ store }: IdentityContext, clientToken: string): Promise<boolean> {
  return (await findApiClient(store.db, clientToken)) !== undefined;
}

/** One statement, so that of many copies at the same time one is first, with whatever else goes on in the database. */
async function takeNonce(
  { store: { db }, clock, edgegridWindowMs }: IdentityContext,
  client: ApiClientRow,
  { nonce, time }: EdgegridHeader,
): Promise<boolean> {
  const now = clock();
  const expiresAt = timestamp(time + edgegridWindowMs + clockMarginMs);
  const taken = await db
    .insertInto("edgegrid_nonces")
    .values({ client_id: client.id, nonce, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(["client_id", "nonce"]).doNothing())
    .returning("nonce")
    .executeTakeFirst();
  if (client.last_used_at === null || client.last_used_at <= timestamp(now - usedEveryMs))
    await noteUse(db, client, now);
  return taken !== undefined;
}

/** Once a minute, and with it what is too old to be sent again is forgotten. */
async function noteUse(queries: Queries, { id }: ApiClientRow, now: UnixMillis): Promise<void> {
  await queries
    .updateTable("api_clients")
    .set({ last_used_at: timestamp(now) })
    .where("id", "=", id)
    .execute();
  await queries.deleteFrom("edgegrid_nonces").where("expires_at", "<", timestamp(now)).execute();
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(one)), Buffer.from(hashSecret(other)));
}

/** Which of client, access token and signature is wrong is not told. */
function notAccepted(): Refusal {
  return refused(
    "The signature is not accepted: the API client is unknown or revoked, or what was signed is not what arrived. The host in the .edgerc must be the public URL of this server.",
  );
}

function refused(detail: string): Refusal {
  return refuse("unauthorized", detail);
}
