import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { client } from "../api/client.ts";
import { inTurn } from "../api/in-turn.ts";
import { followEvents, type LiveState, pauseMs } from "../api/live-updates.ts";
import { readAgain } from "../api/read-again.ts";
import { shareEvents } from "../api/share-events.ts";
import { whileLookedAt } from "../api/while-looked-at.ts";
import { sessionQuery } from "../session/session-query.ts";

export type Live = {
  readonly state: LiveState;
  /** Until when it was live; undefined: it never was. */
  readonly until: Date | undefined;
  readonly tryNow: () => void;
};

const events = shareEvents((options) => client.events(options), (navigator as Partial<Navigator>).locks);

/** Keeps what is shown as new as the server's events make it. `isAway`: nobody is signed in. */
export function useLiveUpdates(isAway: boolean): Live {
  const queries = useQueryClient();
  const [shown, setShown] = useState<Omit<Live, "tryNow">>({ state: "connecting", until: undefined });
  const hurry = useRef(new EventTarget());
  const tryNow = useCallback(() => hurry.current.dispatchEvent(new Event("now")), []);
  useEffect(() => {
    if (isAway) return;
    const ending = new AbortController();
    const invalidate = inTurn((names) => readAll(queries, names));
    const watcher = {
      onState: (state: LiveState) => setShown((last) => next(last, state)),
      onEvent: (event: Parameters<typeof readAgain>[0]) => invalidate(readAgain(event)),
      onMissed: () => invalidate(undefined),
      onSignedOut: () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      pause: (failures: number, signal: AbortSignal) =>
        pause(pauseMs(failures, Math.random()), [hurry.current, "now"], signal),
    };
    addEventListener("online", tryNow, { signal: ending.signal });
    const following = {
      follow: (signal: AbortSignal) => void followEvents(events, watcher, signal),
      onLeft: () => watcher.onState("connecting"),
    };
    whileLookedAt(following, [window, document], ending.signal);
    return () => ending.abort();
  }, [queries, isAway, tryNow]);
  return { ...shown, tryNow };
}

function next(last: Omit<Live, "tryNow">, state: LiveState): Omit<Live, "tryNow"> {
  if (last.state === state) return last;
  return { state, until: last.state === "live" ? new Date() : last.until };
}

/** Of what is on the screen; the rest is read when it is looked at. */
function readAll(queries: QueryClient, names: ReadonlySet<string> | undefined): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey: [name] }) => names === undefined || (typeof name === "string" && names.has(name)),
  });
}

function pause(
  ms: number,
  [target, type]: readonly [target: EventTarget, type: string],
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = new AbortController();
  const timer = setTimeout(resolve, ms);
  for (const [from, what] of [[target, type] as const, [signal, "abort"] as const])
    from.addEventListener(what, () => resolve(), { signal: done.signal });
  return promise.finally(() => {
    clearTimeout(timer);
    done.abort();
  });
}
