import { Button } from "@patternfly/react-core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { problemText } from "../text/problem-text.ts";
import { Time } from "../text/time.tsx";
import type { Live } from "./use-live-updates.ts";

/** Over the foot of the page, so that nothing on it moves: what is shown may be old, since when, and why. */
export function StatusBar({ live: { state, until, tryNow } }: { readonly live: Live }) {
  const failed = useFailedRead();
  if (state === "lost")
    return (
      <Bar action="Try now" onAction={tryNow}>
        {"The server does not answer. It is asked again by itself"}
        {until !== undefined && <Since at={until} />}
        {"."}
      </Bar>
    );
  if (failed === undefined) return null;
  return (
    <Bar action="Try again" onAction={failed.retry}>
      {`A part of this page could not be read again: ${problemText(failed.error, Date.now()).title}`}
      <Since at={failed.readAt} />
      {"."}
    </Bar>
  );
}

type BarProps = { readonly action: string; readonly onAction: () => void; readonly children: React.ReactNode };

function Bar({ action, onAction, children }: BarProps) {
  return (
    <div role="status" aria-label="Connection" className="tcm-status-bar">
      <span>{children}</span>
      <Button variant="link" isInline onClick={onAction}>
        {action}
      </Button>
    </div>
  );
}

function Since({ at }: { readonly at: Date }) {
  return (
    <>
      {"; what you see is of "}
      <Time iso={at.toISOString()} />
    </>
  );
}

type FailedRead = { readonly error: unknown; readonly readAt: Date; readonly retry: () => void };

/** The first read of this page that failed while an older answer is shown. Those without an answer say it in their place. */
function useFailedRead(): FailedRead | undefined {
  const queries = useQueryClient();
  const cache = queries.getQueryCache();
  const subscribe = useCallback((onChange: () => void) => cache.subscribe(onChange), [cache]);
  const find = () =>
    cache
      .getAll()
      .find((query) => query.isActive() && query.state.status === "error" && query.state.data !== undefined);
  const hash = useSyncExternalStore(subscribe, () => find()?.queryHash);
  const query = hash === undefined ? undefined : cache.get(hash);
  if (query === undefined) return undefined;
  const { error, dataUpdatedAt } = query.state;
  return { error, readAt: new Date(dataUpdatedAt), retry: () => void queries.refetchQueries({ type: "active" }) };
}
