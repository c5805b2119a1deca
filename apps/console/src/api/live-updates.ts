import type { ControlPlaneEvent } from "@tcm/api-contract";
import type { QueryClient } from "@tanstack/react-query";
import { client } from "./client.ts";
import { readAgain } from "./read-again.ts";

const retryMs = 3_000;

export type LiveState = "connecting" | "live" | "lost";

/**
 * Follows the server's events until the signal ends it, and has read again what they name. After a gap it goes on behind the last
 * event that came, so that nothing is missed.
 */
export async function followEvents(
  queries: QueryClient,
  onState: (state: LiveState) => void,
  signal: AbortSignal,
): Promise<void> {
  let after: string | undefined;
  while (!signal.aborted) {
    try {
      for await (const { id, event } of client.events({ ...(after !== undefined && { after }), signal })) {
        if (id !== "") after = id;
        onState("live");
        await invalidate(queries, event);
      }
    } catch {
      // Whatever it was, the reads of the page meet it too, and say it.
    }
    if (signal.aborted) return;
    onState("lost");
    await pause(retryMs, signal);
  }
}

async function invalidate(queries: QueryClient, event: ControlPlaneEvent): Promise<void> {
  const names = readAgain(event);
  if (names === undefined) return queries.invalidateQueries();
  await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
