import type { Readiness } from "../../observability/readiness.ts";
import type { App } from "../route.ts";

/** Open to all: load balancers and process supervisors ask without a token. What they learn is whether to send requests here. */
export function healthRoutes(app: App, readiness: Readiness): void {
  app.get("/healthz", async () => ({ status: "up" }));
  app.get("/readyz", async (_request, reply) => {
    const { isReady, ...report } = await readiness();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not ready", ...report });
  });
}
