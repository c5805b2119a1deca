import { setTimeout as delay } from "node:timers/promises";

const deadlineMs = 120_000;

/** Resolves with what is found, or when the condition holds; fails at a deadline that no working run comes near. */
export async function waitFor<T>(find: () => T | false | undefined | Promise<T | false | undefined>): Promise<T> {
  for (const until = Date.now() + deadlineMs; ; await delay(20)) {
    const found = await find();
    if (found !== false && found !== undefined) return found;
    if (Date.now() > until) throw new Error("the condition did not come true in time");
  }
}
