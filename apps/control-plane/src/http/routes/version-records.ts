import { versionCertificateList } from "@tcm/api-contract";
import { z } from "zod";
import type { OperationContext } from "../../operations/context.ts";
import { deleteVersion } from "../../operations/versions/delete-version.ts";
import { listVersionCertificates } from "../../operations/versions/list-version-certificates.ts";
import { actorOf } from "../actor-of.ts";
import { certificateStatuses, expiryFilter } from "../expiry-query.ts";
import { type App, noQuery, query, routeConfig, send, versionParams } from "../route.ts";

const one = "/mtls-edge-truststore/v2/ca-sets/:caSetId/versions/:version";

const certificatesQuery = query({
  certificateStatus: z.enum(certificateStatuses).optional(),
  expiryThresholdInDays: z.string().optional(),
  expiryThresholdTimestamp: z.string().optional(),
});

export function versionRecordRoutes(app: App, context: OperationContext): void {
  app.delete(
    one,
    {
      config: routeConfig("edit"),
      schema: { params: versionParams, querystring: noQuery, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const { caSetId, version } = request.params;
      const outcome = await deleteVersion(context, actorOf(request), caSetId, version, request.headers["if-match"]);
      return send(reply, outcome, () => ({ status: 204 }));
    },
  );

  app.get(
    `${one}/certificates`,
    {
      config: routeConfig("read", certificatesQuery),
      schema: { params: versionParams, querystring: certificatesQuery, response: { 200: versionCertificateList } },
    },
    async ({ params, query: wanted }, reply) => {
      const filter = expiryFilter(wanted, context.clock());
      const { caSetId, version } = params;
      return send(reply, filter.ok ? await listVersionCertificates(context, caSetId, version, filter.value) : filter);
    },
  );
}
