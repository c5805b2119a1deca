import type { Store } from "../store/store.ts";
import type { ValidationPool } from "../validation/validation-pool.ts";
import type { Clock } from "./actor.ts";
import type { Limits } from "./limits.ts";

/** What operations work with; made once in `process-context.ts`. */
export type OperationContext = {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly accountId: string;
  readonly validation: ValidationPool;
};

/** The time now, as certificates have it. */
export function seconds({ clock }: OperationContext): number {
  return Math.floor(clock() / 1000);
}
