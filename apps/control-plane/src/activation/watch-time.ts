import type { FastifyBaseLogger } from "fastify";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { forgetActivationNodes } from "../operations/activations/forget-nodes.ts";
import { removeDeleted } from "../operations/ca-sets/remove-deleted.ts";
import { summariseHandshakes } from "../operations/handshakes/summarise-handshakes.ts";
import { settleDeletions } from "../operations/ca-sets/settle-deletion.ts";
import { settleOverdue } from "../operations/activations/settle-overdue.ts";
import { type RepeatedWork, repeatWork } from "./repeat-work.ts";

/** Deadlines are minutes; a second more does not matter. */
const deadlineIntervalMs = 1_000;
/** What is kept for 30 days may stay an hour longer. */
const removalIntervalMs = 3_600_000;
/** What edges report within it is little beside what their tables may hold. */
const summaryIntervalMs = 600_000;

/**
 * What comes to pass by time alone: activations and deletions end, also those of earlier processes, what was deleted or ended long ago goes,
 * and what edges saw is summed up.
 */
export function watchTime(context: DeploymentContext, log: FastifyBaseLogger): RepeatedWork {
  const repeat = (intervalMs: number, fault: string, work: () => Promise<void>): RepeatedWork =>
    repeatWork({ intervalMs, work, onFault: (error) => log.error({ err: error }, fault) });
  const watches = [
    repeat(deadlineIntervalMs, "overdue activations could not be ended", () => settleOverdue(context)),
    repeat(deadlineIntervalMs, "deletions could not be ended", () => settleDeletions(context)),
    repeat(removalIntervalMs, "what was deleted could not be removed", () => removeDeleted(context)),
    repeat(summaryIntervalMs, "nodes of old deployments could not be forgotten", () => forgetActivationNodes(context)),
    repeat(summaryIntervalMs, "old counts of handshakes could not be summed up", () => summariseHandshakes(context)),
  ];
  return { stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))) };
}
