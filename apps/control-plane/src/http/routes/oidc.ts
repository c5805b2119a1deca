import type { Problem } from "@tcm/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { oidcRoundTripSeconds, openOidc } from "../../identity/oidc.ts";
import type { Authentication } from "../authenticate.ts";
import { sendProblem } from "../problem-reply.ts";
import { type App, noQuery, openToAll, query, queryParameters } from "../route.ts";
import { roundTripValue, sessionSecret, setRoundTripCookie, setSessionCookie } from "../session-cookie.ts";

const base = "/mtls-edge-truststore/v2/session/oidc";
const text = z.string().max(4_096).optional();
/** RFC 6749 §4.1.2, RFC 9207 §2, and what some providers add. */
const callbackQuery = query({
  code: text,
  error: text,
  error_description: text,
  iss: text,
  session_state: text,
  state: text,
});

/** Browsers come here by themselves, and go on to the console. */
export function oidcRoutes(app: App, { identity, address }: Authentication): void {
  const { oidc: options } = identity;
  const oidc = options === undefined ? undefined : openOidc(identity, options, `${base}/callback`);
  const browser = { ...openToAll, produces: ["text/html", "application/json"] };
  const response = { 302: z.undefined() };

  app.get(base, { config: browser, schema: { querystring: noQuery, response } }, async (request, reply) => {
    if (oidc === undefined) return refuse(request, reply, notConfigured);
    const begun = await oidc.begin();
    if (!begun.ok) return refuse(request, reply, begun.problem);
    const { location, cookie } = begun.value;
    return setRoundTripCookie(reply, address, cookie, oidcRoundTripSeconds).redirect(location, 302);
  });

  app.get(
    `${base}/callback`,
    {
      config: { ...browser, queryParameters: queryParameters(callbackQuery) },
      schema: { querystring: callbackQuery, response },
    },
    async (request, reply) => {
      if (oidc === undefined) return refuse(request, reply, notConfigured);
      const url = new URL(request.url, identity.publicUrl());
      const cookie = roundTripValue(request, address);
      const outcome = await oidc.end(url, cookie, sessionSecret(request, address));
      setRoundTripCookie(reply, address, "", 0);
      if (!outcome.ok) return refuse(request, reply, outcome.problem);
      return setSessionCookie(reply, address, outcome.value).redirect("/", 302);
    },
  );
}

const notConfigured: Problem = { slug: "resource-not-found", detail: "No identity provider is configured." };

/** A person finds the words where they sign in, by a fragment that no log has; whoever asks for no page gets the problem. */
function refuse(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (request.headers.accept?.includes("text/html") !== true) return sendProblem(reply, problem);
  return reply.redirect(`/sign-in#refused=${problem.slug}`, 302);
}
