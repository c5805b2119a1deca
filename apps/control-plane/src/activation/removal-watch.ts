import type { FastifyBaseLogger } from "fastify";
import type { OperationContext } from "../operations/context.ts";
import { removeDeleted } from "../operations/remove-deleted.ts";

/** What is kept for 30 days may stay an hour longer. */
const intervalMs = 3_600_000;

/** Removes what was deleted long ago, now and then. */
export function watchRemovals(context: OperationContext, log: FastifyBaseLogger): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const look = (): void => {
    running = running
      .then(() => removeDeleted(context))
      .catch((error: unknown) => log.error({ err: error }, "what was deleted could not be removed"));
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
