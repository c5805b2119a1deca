import {
  changeEdgeCertificateRequest,
  createEdgeCertificateRequest,
  edgeCertificate,
  edgeCertificateList,
} from "@tcm/api-contract";
import { z } from "zod";
import { changeEdgeCertificate } from "../../operations/change-edge-certificate.ts";
import type { DeploymentContext } from "../../operations/deployment-context.ts";
import { edgeCertificateTag } from "../../operations/edge-certificate-view.ts";
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
  const write = { config: routeConfig("change-edges") };
  const read = { config: routeConfig("read") };
  const one = { params: edgeCertificateParams, querystring: noQuery };

  app.post(
    base,
    {
      ...write,
      schema: { querystring: noQuery, body: createEdgeCertificateRequest, response: { 201: edgeCertificate } },
    },
    async (request, reply) => {
      const outcome = await createEdgeCertificate(context, actorOf(request), request.body);
      return send(reply, outcome, (created) => ({
        status: 201,
        headers: { location: created.edgeCertificateLink, etag: edgeCertificateTag(created) },
      }));
    },
  );

  app.get(base, { ...read, schema: { querystring: noQuery, response: { 200: edgeCertificateList } } }, async () => ({
    edgeCertificates: [...(await listEdgeCertificates(context))],
  }));

  app.get(
    `${base}/:edgeCertificateId`,
    { ...read, schema: { ...one, response: { 200: edgeCertificate } } },
    async ({ params }, reply) =>
      send(reply, await getEdgeCertificate(context, params.edgeCertificateId), (found) => ({
        headers: { etag: edgeCertificateTag(found) },
      })),
  );

  app.delete(
    `${base}/:edgeCertificateId`,
    { ...write, schema: { ...one, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { params, headers } = request;
      const ifMatch = headers["if-match"];
      const outcome = await deleteEdgeCertificate(context, actorOf(request), params.edgeCertificateId, ifMatch);
      return send(reply, outcome, () => ({ status: 204 }));
    },
  );

  app.patch(
    `${base}/:edgeCertificateId`,
    { ...write, schema: { ...one, body: changeEdgeCertificateRequest, response: { 200: edgeCertificate } } },
    async (request, reply) => {
      const { params, body, headers } = request;
      const change = { request: body, ifMatch: headers["if-match"] };
      const outcome = await changeEdgeCertificate(context, actorOf(request), params.edgeCertificateId, change);
      return send(reply, outcome, (changed) => ({ headers: { etag: edgeCertificateTag(changed) } }));
    },
  );
}
