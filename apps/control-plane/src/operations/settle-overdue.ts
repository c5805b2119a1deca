import { timestamp } from "./actor.ts";
import { type DeploymentContext, deploymentTransaction } from "./deployment-context.ts";
import { settleActivation } from "./settle-activation.ts";

/** Ends what has passed its deadline. Called again and again, and at the start for what a crash left running. */
export async function settleOverdue(context: DeploymentContext): Promise<void> {
  const now = timestamp(context.clock());
  const overdue = await context.store.db
    .selectFrom("activations")
    .select("id")
    .where("status", "=", "IN_PROGRESS")
    .where("deadline_at", "<=", now)
    .execute();
  for (const { id } of overdue) {
    await deploymentTransaction(context, (queries, announce) => settleActivation(queries, announce, context, id));
  }
}
