import { changeUserRequest, createUserRequest, user, userList } from "@tcm/api-contract";
import type { IdentityContext } from "../../identity/identity-context.ts";
import { changeUser, createUser, listUsers } from "../../identity/users.ts";
import { actorOf } from "../actor-of.ts";
import { type App, noQuery, routeConfig, send, userParams } from "../route.ts";

const base = "/mtls-edge-truststore/v2/users";

export function userRoutes(app: App, identity: IdentityContext): void {
  const administer = { config: routeConfig("administer") };

  app.get(base, { ...administer, schema: { querystring: noQuery, response: { 200: userList } } }, async () => ({
    users: [...(await listUsers(identity))],
  }));

  app.post(
    base,
    { ...administer, schema: { querystring: noQuery, body: createUserRequest, response: { 201: user } } },
    async (request, reply) =>
      send(reply, await createUser(identity, actorOf(request), request.body), () => ({ status: 201 })),
  );

  app.patch(
    `${base}/:userId`,
    {
      ...administer,
      schema: { params: userParams, querystring: noQuery, body: changeUserRequest, response: { 200: user } },
    },
    async (request, reply) =>
      send(reply, await changeUser(identity, actorOf(request), request.params.userId, request.body)),
  );
}
