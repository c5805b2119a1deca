import { ApiProblem, type Client, type ControlPlaneEvent } from "@tcm/api-contract";

/** `connecting`: for the first time, or once more after one interruption, as a restart makes it. */
export type LiveState = "connecting" | "live" | "lost";

export type Watcher = {
  readonly onState: (state: LiveState) => void;
  readonly onEvent: (event: ControlPlaneEvent) => void;
  /** Something may have happened that no event will tell. */
  readonly onMissed: () => void;
  readonly onSignedOut: () => void;
  /** Waits before the next try; `failures` is 1 after the first. */
  readonly pause: (failures: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Follows the server's events until the signal ends it. After a gap it goes on behind the last event that came, so that nothing is
 * missed; while there are none, every try has the page read again, slowly, and once more when they are back.
 */
export async function followEvents(events: Client["events"], watcher: Watcher, signal: AbortSignal): Promise<void> {
  let after: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const { id, event } of events({ ...(after !== undefined && { after }), signal })) {
        // The first stream begins after the page has begun to read; in a gap what was read may have failed.
        if (after === undefined || failures > 0) watcher.onMissed();
        if (id !== "") after = id;
        failures = 0;
        watcher.onState("live");
        watcher.onEvent(event);
      }
    } catch (error) {
      // Whatever else it was, the reads of the page meet it too, and say it.
      if (error instanceof ApiProblem && error.problem.status === 401) watcher.onSignedOut();
    }
    if (signal.aborted) return;
    failures++;
    watcher.onState(failures === 1 ? "connecting" : "lost");
    if (failures > 1) watcher.onMissed();
    await watcher.pause(failures, signal);
  }
}

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** Twice as long each time, and not all windows at the same moment: `random` is 0 to 1. */
export function pauseMs(failures: number, random: number): number {
  const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
  return longest / 2 + (longest / 2) * random;
}
