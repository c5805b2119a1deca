import { validateRequest, validateResponse } from "@tcm/api-contract";
import type { OperationContext } from "../../operations/context.ts";
import { validateCertificates } from "../../operations/versions/validate-certificates.ts";
import { actorOf } from "../actor-of.ts";
import { type App, noQuery, routeConfig, send } from "../route.ts";

export function certificateRoutes(app: App, context: OperationContext): void {
  app.post(
    "/mtls-edge-truststore/v2/certificates/validate",
    {
      config: routeConfig("read"),
      schema: { querystring: noQuery, body: validateRequest, response: { 200: validateResponse } },
    },
    async (request, reply) => send(reply, await validateCertificates(context, actorOf(request), request.body)),
  );
}
