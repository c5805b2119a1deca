import {
  apiClientList,
  apiTokenList,
  createApiClientRequest,
  createApiTokenRequest,
  createdApiClient,
  createdApiToken,
} from "@tcm/api-contract";
import { z } from "zod";
import { createApiClient, listApiClients, revokeApiClient } from "../../identity/api-clients.ts";
import { issueToken, listTokens, revokeToken } from "../../identity/api-tokens.ts";
import type { IdentityContext } from "../../identity/identity-context.ts";
import { actorOf } from "../actor-of.ts";
import { apiClientParams, type App, noQuery, query, routeConfig, send, tokenParams } from "../route.ts";

const tokens = "/mtls-edge-truststore/v2/tokens";
const apiClients = "/mtls-edge-truststore/v2/api-clients";
const administer = { config: routeConfig("administer") };
const gone = { 204: z.undefined() };
const revokeQuery = query({ withMade: z.enum(["true", "false"]).default("false") });
const revoke = { config: routeConfig("administer", revokeQuery) };

/** Tokens and API clients: what automation shows instead of a password. */
export function credentialRoutes(app: App, identity: IdentityContext): void {
  tokenRoutes(app, identity);

  app.get(
    apiClients,
    { ...administer, schema: { querystring: noQuery, response: { 200: apiClientList } } },
    async () => ({ apiClients: [...(await listApiClients(identity))] }),
  );

  app.post(
    apiClients,
    {
      ...administer,
      schema: { querystring: noQuery, body: createApiClientRequest, response: { 201: createdApiClient } },
    },
    async (request, reply) => {
      const created = await createApiClient(identity, actorOf(request), request.body);
      return send(reply, created, () => ({ status: 201, headers: { "cache-control": "no-store" } }));
    },
  );

  app.delete(
    `${apiClients}/:apiClientId`,
    { ...revoke, schema: { params: apiClientParams, querystring: revokeQuery, response: gone } },
    async (request, reply) => {
      const wish = { withMade: request.query.withMade === "true" };
      const outcome = await revokeApiClient(identity, actorOf(request), request.params.apiClientId, wish);
      return send(reply, outcome, () => ({ status: 204 }));
    },
  );
}

function tokenRoutes(app: App, identity: IdentityContext): void {
  app.get(tokens, { ...administer, schema: { querystring: noQuery, response: { 200: apiTokenList } } }, async () => ({
    tokens: [...(await listTokens(identity))],
  }));

  app.post(
    tokens,
    {
      ...administer,
      schema: { querystring: noQuery, body: createApiTokenRequest, response: { 201: createdApiToken } },
    },
    async (request, reply) => {
      const created = await issueToken(identity, actorOf(request), request.body);
      return send(reply, created, () => ({ status: 201, headers: { "cache-control": "no-store" } }));
    },
  );

  app.delete(
    `${tokens}/:tokenId`,
    { ...revoke, schema: { params: tokenParams, querystring: revokeQuery, response: gone } },
    async (request, reply) => {
      const wish = { withMade: request.query.withMade === "true" };
      const outcome = await revokeToken(identity, actorOf(request), request.params.tokenId, wish);
      return send(reply, outcome, () => ({ status: 204 }));
    },
  );
}
