import {
  changePasswordRequest,
  isAllowed,
  type Permission,
  redeemSignInLinkRequest,
  rolePermissions,
  type SessionView,
  session,
  signInOptions,
  signInRequest,
} from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Credential } from "../../identity/credential.ts";
import { redeemSignInLink } from "../../identity/first-admin.ts";
import { findSession } from "../../identity/sessions.ts";
import { changePassword, signIn, signOut } from "../../identity/sign-in.ts";
import { hasAdmin } from "../../identity/user-row.ts";
import { refuse } from "../../operations/refuse.ts";
import { actorOf } from "../actor-of.ts";
import type { Authentication } from "../authenticate.ts";
import { sendProblem } from "../problem-reply.ts";
import { type App, noQuery, openToAll, routeConfig } from "../route.ts";
import { clearSessionCookie, sessionSecret, setSessionCookie } from "../session-cookie.ts";

const base = "/mtls-edge-truststore/v2/session";
const begun = { querystring: noQuery, response: { 201: session } };

/** Who one is: signing in and out, and one's own password. */
export function sessionRoutes(app: App, authentication: Authentication): void {
  const { identity, address } = authentication;
  ownSessionRoutes(app, authentication);

  app.get(
    `${base}/options`,
    { config: openToAll, schema: { querystring: noQuery, response: { 200: signInOptions } } },
    async () => ({
      password: true,
      oidc: identity.oidc !== undefined,
      awaitsFirstAdmin: !(await hasAdmin(identity.store.db)),
    }),
  );

  app.post(base, { config: openToAll, schema: { ...begun, body: signInRequest } }, async (request, reply) => {
    const earlier = sessionSecret(request, address);
    const outcome = await signIn(identity, { ...request.body, address: request.ip, earlier });
    return begin(reply, authentication, outcome, 201);
  });

  app.post(
    `${base}/redeem`,
    { config: openToAll, schema: { ...begun, body: redeemSignInLinkRequest } },
    async (request, reply) => begin(reply, authentication, await redeemSignInLink(identity, request.body), 201),
  );
}

function ownSessionRoutes(app: App, authentication: Authentication): void {
  const { identity, address } = authentication;
  const read = { config: routeConfig("read") };

  app.get(base, { ...read, schema: { querystring: noQuery, response: { 200: session } } }, async (request, reply) =>
    reply.send(presentSession(credentialOf(request))),
  );

  app.delete(
    base,
    { ...read, schema: { querystring: noQuery, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const secret = sessionSecret(request, address);
      if (credentialOf(request).kind !== "session" || secret === undefined)
        return sendProblem(reply, notASession().problem);
      await signOut(identity, secret, actorOf(request).name);
      return clearSessionCookie(reply, address).code(204).send(undefined);
    },
  );

  app.post(
    `${base}/password`,
    { ...read, schema: { querystring: noQuery, body: changePasswordRequest, response: { 200: session } } },
    async (request, reply) => {
      if (credentialOf(request).kind !== "session") return sendProblem(reply, notASession().problem);
      const change = { ...request.body, name: actorOf(request).name, address: request.ip };
      return begin(reply, authentication, await changePassword(identity, change), 200);
    },
  );
}

/** The cookie of a new session, and who it is. */
async function begin(
  reply: FastifyReply,
  { identity, address }: Authentication,
  outcome: Outcome<string>,
  status: 200 | 201,
): Promise<FastifyReply> {
  if (!outcome.ok) return sendProblem(reply, outcome.problem);
  const credential = await findSession(identity, outcome.value);
  if (credential === undefined) return sendProblem(reply, { slug: "unauthorized", detail: "The account has ended." });
  return setSessionCookie(reply, address, outcome.value).code(status).send(presentSession(credential));
}

function presentSession({ actor: { name, role }, kind, expiryDate }: Credential): SessionView {
  const permissions = (Object.keys(rolePermissions[role]) as Permission[]).filter((held) => isAllowed(role, held));
  return { name, role, kind, permissions, expiryDate };
}

function credentialOf({ credential }: FastifyRequest): Credential {
  if (credential === undefined) throw new Error("the route asks for no permission, and its handler wants a credential");
  return credential;
}

function notASession() {
  return refuse("forbidden", "This is for people who have signed in; a token or an API client has no session.");
}
