import { expiringCertificateList, overview } from "@tcm/api-contract";
import { z } from "zod";
import { ActiveCertificates } from "../../operations/versions/active-certificates.ts";
import type { OperationContext } from "../../operations/context.ts";
import { listExpiringCertificates } from "../../operations/versions/list-expiring-certificates.ts";
import { readOverview } from "../../operations/history/read-overview.ts";
import { thresholdDays } from "../expiry-query.ts";
import { sendProblem } from "../problem-reply.ts";
import { type App, noQuery, query, routeConfig } from "../route.ts";
import { sendList } from "../send-list.ts";

const base = "/mtls-edge-truststore/v2";
/** The overview tells of as many days. */
const expiringQuery = query({ expiryThresholdInDays: z.string().default("90") });

export function overviewRoutes(app: App, context: OperationContext): void {
  const certificates = new ActiveCertificates();
  app.get(
    `${base}/overview`,
    { config: routeConfig("read"), schema: { querystring: noQuery, response: { 200: overview } } },
    async () => readOverview(context, certificates),
  );

  app.get(
    `${base}/certificates/expiring`,
    {
      config: routeConfig("read", expiringQuery),
      schema: { querystring: expiringQuery, response: { 200: expiringCertificateList } },
    },
    async ({ query: wanted }, reply) => {
      const days = thresholdDays(wanted.expiryThresholdInDays);
      if (!days.ok) return sendProblem(reply, days.problem);
      return sendList(reply, "certificates", await listExpiringCertificates(context, certificates, days.value));
    },
  );
}
