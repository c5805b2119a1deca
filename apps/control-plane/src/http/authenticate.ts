import { Readable } from "node:stream";
import type { Outcome, Problem } from "@tcm/core";
import type { FastifyRequest } from "fastify";
import { findSigner, isStillApiClient, verifySigner } from "../identity/authenticate-edgegrid.ts";
import type { Credential } from "../identity/credential.ts";
import { isEdgegrid } from "../identity/edgegrid-header.ts";
import type { IdentityContext } from "../identity/identity-context.ts";
import { findSession } from "../identity/sessions.ts";
import { findTokenHolder } from "../operations/api-token.ts";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import { refuseMissingRight } from "../operations/refuse-missing-right.ts";
import { isEncrypted, type PublicAddress } from "./public-address.ts";
import { sessionSecret } from "./session-cookie.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** With `actor`, for every route that asks for a permission. */
    credential: Credential | undefined;
    /** Asked again as long as an answer goes on: who lost the right reads no further. */
    mayStillRead: () => Promise<boolean>;
    /** Read before the parser, because the signature covers it. */
    signedBody: Buffer | undefined;
  }
}

export type Authentication = { readonly identity: IdentityContext; readonly address: PublicAddress };

/** Sets `request.actor` where the route asks for a permission and the caller holds it. */
export async function authenticate(request: FastifyRequest, options: Authentication): Promise<Problem | undefined> {
  const { permission } = request.routeOptions.config;
  if (permission === undefined) return undefined;
  const found = await findCredential(request, options);
  if (!found.ok) return found.problem;
  request.credential = found.value;
  request.actor = found.value.actor;
  return refuseMissingRight(request.actor, permission)?.problem;
}

/** A header comes before a cookie: who sends one means it. */
async function findCredential(
  request: FastifyRequest,
  { identity, address }: Authentication,
): Promise<Outcome<Credential>> {
  const { authorization } = request.headers;
  if (isEdgegrid(authorization)) return edgegridCredential(request, identity, authorization);
  if (authorization !== undefined) return bearerCredential(request, identity, authorization);
  const secret = sessionSecret(request, address);
  if (secret === undefined) return notSignedIn();
  return refuseForgery(request) ?? sessionCredential(request, identity, secret);
}

async function bearerCredential(
  request: FastifyRequest,
  { store, clock }: IdentityContext,
  authorization: string,
): Promise<Outcome<Credential>> {
  const token = /^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(authorization)?.[1];
  const holder = token === undefined ? undefined : await findTokenHolder(store.db, clock, token);
  if (token === undefined || holder === undefined) return tokenNotGood();
  request.mayStillRead = async () => (await findTokenHolder(store.db, clock, token)) !== undefined;
  return done({ kind: "token", ...holder });
}

async function sessionCredential(
  request: FastifyRequest,
  identity: IdentityContext,
  secret: string,
): Promise<Outcome<Credential>> {
  const credential = await findSession(identity, secret);
  if (credential === undefined) return notSignedIn();
  // A page that is only left open does not count as use.
  request.mayStillRead = async () => (await findSession(identity, secret, { isUse: false })) !== undefined;
  return done(credential);
}

async function edgegridCredential(
  request: FastifyRequest,
  identity: IdentityContext,
  authorization: string,
): Promise<Outcome<Credential>> {
  const signer = await findSigner(identity, authorization, isEncrypted(request));
  if (!signer.ok) return signer;
  const body = await readSignedBody(request);
  if (!body.ok) return body;
  const { client } = signer.value;
  request.mayStillRead = async () => isStillApiClient(identity, client.client_token);
  const { method, url: path } = request;
  return verifySigner(identity, signer.value, { method, path, body: body.value, publicUrl: identity.publicUrl() });
}

/**
 * Another site can make a browser send the cookie only with a request of the browser's own forms. No form has this header, and
 * for scripts of other origins it needs a permission (CORS) that is never given. SameSite=Strict stands beside it.
 */
function refuseForgery({ method, headers }: FastifyRequest): Refusal | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  if (headers.origin !== undefined && headers["x-tcm-request"] !== undefined) return undefined;
  return refuse("forbidden", "A request that changes something needs Origin and X-Tcm-Request beside the session.");
}

/** At most what the parser would read; the parser gets it afterwards. */
async function readSignedBody(request: FastifyRequest): Promise<Outcome<Buffer>> {
  if (request.method !== "POST") return done(Buffer.alloc(0));
  const limit = request.server.initialConfig.bodyLimit ?? 0;
  const chunks: Buffer[] = [];
  if (Number(request.headers["content-length"] ?? 0) > limit) return tooLarge(limit);
  request.askForBody();
  let length = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return tooLarge(limit);
    chunks.push(chunk);
  }
  request.signedBody = Buffer.concat(chunks);
  return done(request.signedBody);
}

/** In place of a stream that was read already. */
export function signedPayload({ signedBody }: FastifyRequest): Readable | undefined {
  if (signedBody === undefined) return undefined;
  return Object.assign(Readable.from(signedBody.length === 0 ? [] : [signedBody]), {
    receivedEncodedLength: signedBody.length,
  });
}

function tooLarge(limit: number): Refusal {
  return refuse("payload-too-large", `The body is larger than ${limit} bytes. Nothing was read; send less.`);
}

/** Whoever sent one is not told to send one. Which of the three it is, is nobody's business who has none that is good. */
function tokenNotGood(): Refusal {
  const detail = `The token is not known here, was revoked or has expired. Send "Authorization: Bearer TOKEN" with one made by "tcm token create" or "tcm tokens create".`;
  return refuse("unauthorized", detail);
}

function notSignedIn(): Refusal {
  return refuse(
    "unauthorized",
    'Sign in, or send "Authorization: Bearer TOKEN" with a token made by "tcm token create".',
  );
}
