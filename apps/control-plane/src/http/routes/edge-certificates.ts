import {
  changeEdgeCertificateRequest,
  createEdgeCertificateRequest,
  edgeCertificate,
  edgeCertificateList,
} from "@tcm/api-contract";
import { z } from "zod";
import { changeEdgeCertificate } from "../../operations/edge-certificates/change-edge-certificate.ts";
import type { DeploymentContext } from "../../operations/deployment-context.ts";
import { edgeCertificateTag } from "../../operations/edge-certificates/edge-certificate-view.ts";
import {
  createEdgeCertificate,
  deleteEdgeCertificate,
  getEdgeCertificate,
  listEdgeCertificates,
} from "../../operations/edge-certificates/edge-certificates.ts";
import { actorOf } from "../actor-of.ts";
import { sendList } from "../send-list.ts";
import { type App, edgeCertificateParams, noQuery, query, routeConfig, send } from "../route.ts";

const base = "/mtls-edge-truststore/v2/edge-certificates";

/** What guards less than before is done only when somebody says that it is meant. */
const confirmQuery = query({ confirm: z.enum(["true", "false"]).optional() });

export function edgeCertificateRoutes(app: App, context: DeploymentContext): void {
  const write = { config: routeConfig("change-edges", confirmQuery) };
  const read = { config: routeConfig("read") };
  const one = { params: edgeCertificateParams, querystring: noQuery };
  const changed = { params: edgeCertificateParams, querystring: confirmQuery };

  app.post(
    base,
    {
      ...write,
      schema: { querystring: confirmQuery, body: createEdgeCertificateRequest, response: { 201: edgeCertificate } },
    },
    async (request, reply) => {
      const outcome = await createEdgeCertificate(context, actorOf(request), request.body, isConfirmed(request));
      return send(reply, outcome, (created) => ({
        status: 201,
        headers: { location: created.edgeCertificateLink, etag: edgeCertificateTag(created) },
      }));
    },
  );

  app.get(
    base,
    { ...read, schema: { querystring: noQuery, response: { 200: edgeCertificateList } } },
    async (_request, reply) => sendList(reply, "edgeCertificates", listEdgeCertificates(context)),
  );

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
    { ...write, schema: { ...changed, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const { params, headers } = request;
      const precondition = { ifMatch: headers["if-match"], isConfirmed: isConfirmed(request) };
      const outcome = await deleteEdgeCertificate(context, actorOf(request), params.edgeCertificateId, precondition);
      return send(reply, outcome, () => ({ status: 204 }));
    },
  );

  app.patch(
    `${base}/:edgeCertificateId`,
    { ...write, schema: { ...changed, body: changeEdgeCertificateRequest, response: { 200: edgeCertificate } } },
    async (request, reply) => {
      const { params, body, headers } = request;
      const change = { request: body, ifMatch: headers["if-match"], isConfirmed: isConfirmed(request) };
      const outcome = await changeEdgeCertificate(context, actorOf(request), params.edgeCertificateId, change);
      return send(reply, outcome, (view) => ({ headers: { etag: edgeCertificateTag(view) } }));
    },
  );
}

function isConfirmed({ query: { confirm } }: { readonly query: z.infer<typeof confirmQuery> }): boolean {
  return confirm === "true";
}
