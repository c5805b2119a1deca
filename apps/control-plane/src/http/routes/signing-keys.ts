import { rotateSigningKeyRequest, signingKey, signingKeyList } from "@tcm/api-contract";
import { done } from "../../operations/refuse.ts";
import { type RotationContext, rotateSigningKey } from "../../operations/signing-keys/rotate-signing-key.ts";
import { listSigningKeys } from "../../operations/signing-keys/signing-key-view.ts";
import { actorOf } from "../actor-of.ts";
import { type App, noQuery, routeConfig, send } from "../route.ts";

const base = "/mtls-edge-truststore/v2/signing-keys";

export function signingKeyRoutes(app: App, context: RotationContext): void {
  const config = routeConfig("administer");

  app.get(base, { config, schema: { querystring: noQuery, response: { 200: signingKeyList } } }, async () => ({
    signingKeys: [...(await listSigningKeys(context.store.db))],
  }));

  app.post(
    `${base}/rotate`,
    { config, schema: { querystring: noQuery, body: rotateSigningKeyRequest, response: { 201: signingKey } } },
    async (request, reply) =>
      send(reply, done(await rotateSigningKey(context, actorOf(request), request.body.network)), () => ({
        status: 201,
      })),
  );
}
