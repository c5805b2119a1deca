import type { App } from "../route.ts";

/** Ready, unless a reason says why not; `failover` where the store is on a server that another one may take the place of. */
export type Readiness = () => Promise<{ readonly reason?: string; readonly failover?: string }>;

/** Open to all: load balancers and process supervisors ask without a token, and learn nothing else. */
export function healthRoutes(app: App, readiness: Readiness): void {
  app.get("/healthz", async () => ({ status: "up" }));
  app.get("/readyz", async (_request, reply) => {
    const { reason, ...more } = await readiness();
    if (reason === undefined) return { status: "ready", ...more };
    return reply.code(503).send({ status: "not ready", reason });
  });
}
