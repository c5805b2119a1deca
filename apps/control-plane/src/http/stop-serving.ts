import { setTimeout as delay } from "node:timers/promises";
import type { App } from "./route.ts";

export type StopOptions = {
  /** For which everything is still served, while readiness says no: load balancers look every few seconds. */
  readonly drainMs: number;
};

/** A supervisor kills after ten seconds. */
const finishWithinMs = 8_000;
const sweepMs = 50;

/** Clients that keep a connection are told on their next answer to open another one: it will be elsewhere, or nowhere. */
export function closeConnectionsWhen(isStopping: () => boolean, app: App): void {
  app.addHook("onSend", async (_request, reply) => {
    if (isStopping()) reply.header("connection", "close");
  });
}

/**
 * Ends the service and loses no request: what has arrived is answered, and then every connection is closed. Who does not
 * take an answer within some seconds holds nobody up.
 */
export async function stopServing(app: App, { drainMs }: StopOptions): Promise<void> {
  await delay(drainMs);
  const { server } = app;
  // An answer that had begun before could not say that the connection ends.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const force = setTimeout(() => server.closeAllConnections(), finishWithinMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(force);
  }
}
