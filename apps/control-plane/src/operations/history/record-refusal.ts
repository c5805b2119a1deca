import { recordAudit } from "../../audit/record-audit.ts";
import { transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { OperationContext } from "../context.ts";

export type RefusedDeployment = {
  readonly by: string;
  /** Slug of the problem. */
  readonly reason: string;
  readonly subject: Readonly<Record<string, unknown>>;
};

/** That somebody wanted to change what is served, and was not let. Nothing else is written with it. */
export async function recordRefusal(
  { store, clock }: Pick<OperationContext, "store" | "clock">,
  { by, reason, subject }: RefusedDeployment,
): Promise<void> {
  const event = { at: timestamp(clock()), by, action: "REFUSE_DEPLOYMENT", subject, outcome: reason };
  await transaction(store, (queries) => recordAudit(queries, event));
}
