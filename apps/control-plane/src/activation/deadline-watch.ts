import type { FastifyBaseLogger } from "fastify";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { settleDeletions } from "../operations/settle-deletion.ts";
import { settleOverdue } from "../operations/settle-overdue.ts";

/** Deadlines are minutes; a second more does not matter. */
const intervalMs = 1_000;

/** Ends activations at their deadline, also those that an earlier process began. */
export function watchDeadlines(context: DeploymentContext, log: FastifyBaseLogger): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const look = (): void => {
    running = running
      .then(() => settleOverdue(context))
      .then(() => settleDeletions(context))
      .catch((error: unknown) => log.error({ err: error }, "overdue activations could not be ended"));
  };
  look();
  const timer = setInterval(look, intervalMs);
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}
