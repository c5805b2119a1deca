import { createEdgeCertificateRequest, edgeCertificate, edgeCertificateList } from "@tcm/api-contract";
import { z } from "zod";
import type { DeploymentContext } from "../../operations/deployment-context.ts";
import {
  createEdgeCertificate,
  deleteEdgeCertificate,
  getEdgeCertificate,
  listEdgeCertificates,
} from "../../operations/edge-certificates.ts";
import { actorOf } from "../actor-of.ts";
import { type App, edgeCertificateParams, noQuery, routeConfig, send } from "../route.ts";

const base = "/mtls-edge-truststore/v2/edge-certificates";

export function edgeCertificateRoutes(app: App, context: DeploymentContext): void {
  const write = { config: routeConfig("admin") };
  const read = { config: routeConfig("viewer") };
  const one = { params: edgeCertificateParams, querystring: noQuery };

  app.post(
    base,
    {
      ...write,
      schema: { querystring: noQuery, body: createEdgeCertificateRequest, response: { 201: edgeCertificate } },
    },
    async (request, reply) => {
      const outcome = await createEdgeCertificate(context, actorOf(request), request.body);
      return send(reply, outcome, ({ edgeCertificateLink }) => ({
        status: 201,
        headers: { location: edgeCertificateLink },
      }));
    },
  );

  app.get(base, { ...read, schema: { querystring: noQuery, response: { 200: edgeCertificateList } } }, async () => ({
    edgeCertificates: [...(await listEdgeCertificates(context))],
  }));

  app.get(
    `${base}/:edgeCertificateId`,
    { ...read, schema: { ...one, response: { 200: edgeCertificate } } },
    async ({ params }, reply) => send(reply, await getEdgeCertificate(context, params.edgeCertificateId)),
  );

  app.delete(
    `${base}/:edgeCertificateId`,
    { ...write, schema: { ...one, response: { 204: z.undefined() } } },
    async (request, reply) =>
      send(reply, await deleteEdgeCertificate(context, actorOf(request), request.params.edgeCertificateId), () => ({
        status: 204,
      })),
  );
}
