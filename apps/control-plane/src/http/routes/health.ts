import type { App } from "../route.ts";

/** Undefined: ready. Otherwise why not. */
export type Readiness = () => Promise<string | undefined>;

/** Open to all: load balancers and process supervisors ask without a token, and learn nothing else. */
export function healthRoutes(app: App, readiness: Readiness): void {
  app.get("/healthz", async () => ({ status: "up" }));
  app.get("/readyz", async (_request, reply) => {
    const reason = await readiness();
    if (reason === undefined) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", reason });
  });
}
