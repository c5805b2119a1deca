import { overview } from "@tcm/api-contract";
import { ActiveCertificates } from "../../operations/active-certificates.ts";
import type { OperationContext } from "../../operations/context.ts";
import { readOverview } from "../../operations/read-overview.ts";
import { type App, noQuery, routeConfig } from "../route.ts";

export function overviewRoutes(app: App, context: OperationContext): void {
  const certificates = new ActiveCertificates();
  app.get(
    "/mtls-edge-truststore/v2/overview",
    { config: routeConfig("read"), schema: { querystring: noQuery, response: { 200: overview } } },
    async () => readOverview(context, certificates),
  );
}
