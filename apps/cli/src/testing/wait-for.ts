import { setTimeout as delay } from "node:timers/promises";

const deadlineMs = 60_000;

/** Resolves when the condition holds; fails at a deadline that no working run comes near. */
export async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error("the condition did not come true in time");
    await delay(20);
  }
}
