import { version, versionList, versionRequest } from "@tcm/api-contract";
import { z } from "zod";
import { cloneVersion } from "../../operations/versions/clone-version.ts";
import type { OperationContext } from "../../operations/context.ts";
import { createVersion } from "../../operations/versions/create-version.ts";
import { getVersion, listVersions, versionBundle } from "../../operations/versions/read-version.ts";
import { quotaHeaders } from "../../operations/quota.ts";
import { updateVersion } from "../../operations/versions/update-version.ts";
import { versionTag } from "../../operations/versions/version-tag.ts";
import { actorOf } from "../actor-of.ts";
import { sendProblem } from "../problem-reply.ts";
import { sendList } from "../send-list.ts";
import { type App, caSetParams, noQuery, query, routeConfig, send, versionParams } from "../route.ts";

const base = "/mtls-edge-truststore/v2/ca-sets/:caSetId/versions";

const flag = z.enum(["true", "false"]).default("false");
const statuses = ["NOT_DELETED", "DELETED"] as const;
const versionStatuses = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(statuses, `has to be ${statuses.join(", ")} or both, with a comma between them.`)).min(1))
  .default(["NOT_DELETED"]);
const listQuery = query({ includeCertificates: flag, activeVersionsOnly: flag, caSetVersionStatus: versionStatuses });

export function versionRoutes(app: App, context: OperationContext): void {
  readRoutes(app, context);
  const write = { config: routeConfig("edit") };

  app.post(
    base,
    {
      ...write,
      schema: { params: caSetParams, querystring: noQuery, body: versionRequest, response: { 201: version } },
    },
    async (request, reply) => {
      const outcome = await createVersion(context, actorOf(request), request.params.caSetId, request.body);
      const quota = await quotaHeaders(context, request.params.caSetId);
      return send(reply, outcome, (created) => ({
        status: 201,
        headers: { location: created.versionLink, etag: versionTag(created), ...quota },
      }));
    },
  );

  app.put(
    `${base}/:version`,
    {
      ...write,
      schema: { params: versionParams, querystring: noQuery, body: versionRequest, response: { 200: version } },
    },
    async (request, reply) => {
      const update = { request: request.body, ifMatch: request.headers["if-match"] };
      const outcome = await updateVersion(
        context,
        actorOf(request),
        request.params.caSetId,
        request.params.version,
        update,
      );
      return send(reply, outcome, (changed) => ({ headers: { etag: versionTag(changed) } }));
    },
  );

  app.post(
    `${base}/:version/clone`,
    { ...write, schema: { params: versionParams, querystring: noQuery, response: { 201: version } } },
    async (request, reply) => {
      const { caSetId, version: from } = request.params;
      const outcome = await cloneVersion(context, actorOf(request), caSetId, from, request.headers["if-match"]);
      const quota = await quotaHeaders(context, caSetId);
      return send(reply, outcome, (created) => ({
        status: 201,
        headers: { location: created.versionLink, etag: versionTag(created), ...quota },
      }));
    },
  );
}

function readRoutes(app: App, context: OperationContext): void {
  const read = { config: routeConfig("read") };
  const one = { params: versionParams, querystring: noQuery };

  app.get(
    base,
    {
      config: routeConfig("read", listQuery),
      schema: { params: caSetParams, querystring: listQuery, response: { 200: versionList } },
    },
    async ({ params, query: wanted }, reply) => {
      const outcome = await listVersions(context, params.caSetId, {
        includeCertificates: wanted.includeCertificates === "true",
        activeVersionsOnly: wanted.activeVersionsOnly === "true",
        statuses: wanted.caSetVersionStatus,
      });
      if (!outcome.ok) return sendProblem(reply, outcome.problem);
      if (wanted.includeCertificates === "true") return sendList(reply, "versions", outcome.value);
      return reply.send({ versions: await Array.fromAsync(outcome.value) });
    },
  );

  app.get(
    `${base}/:version`,
    { ...read, schema: { ...one, response: { 200: version } } },
    async ({ params }, reply) => {
      const outcome = await getVersion(context, params.caSetId, params.version);
      return send(reply, outcome, (found) => ({ headers: { etag: versionTag(found) } }));
    },
  );

  const bundle = { config: { ...routeConfig("read"), produces: ["application/x-pem-file"] }, schema: one };
  app.get(`${base}/:version/bundle.pem`, bundle, async ({ params }, reply) => {
    const outcome = await versionBundle(context, params.caSetId, params.version);
    if (!outcome.ok) return sendProblem(reply, outcome.problem);
    return reply.type("application/x-pem-file").send(outcome.value);
  });
}
