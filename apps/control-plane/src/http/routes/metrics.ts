import type { Metrics } from "../../observability/metrics.ts";
import type { App } from "../route.ts";

/** Counts every request that has come as far as a route, or to none. Before all other routes and hooks: those refuse. */
export function countRequests(app: App, metrics: Metrics): void {
  app.addHook("onResponse", async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const { url: route, config } = routeOptions;
    const isStream = config.produces?.includes("text/event-stream") === true;
    metrics.requestAnswered({ method, route, status: statusCode, seconds: elapsedTime / 1_000, isStream });
  });
}

/**
 * Prometheus text format. For who may read, on loopback too: how many nodes there are and what fails is nobody else's business.
 * Outside the API's tree, and like the health of the process no part of its contract.
 */
export function metricsRoutes(app: App, { registry }: Metrics): void {
  app.get("/metrics", { config: { permission: "read", produces: ["text/plain"] } }, async (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .type(registry.contentType)
      .serializer(String)
      .send(await registry.metrics()),
  );
}
