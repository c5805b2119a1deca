import { setTimeout as delay } from "node:timers/promises";

const pollMs = 25;

/** Asks until the answer is not undefined, or the time is over: then undefined. Asks at least once. */
export async function waitUntil<T>(ask: () => Promise<T | undefined>, timeoutMs: number): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() >= deadline) return answer;
    await delay(pollMs);
  }
}
