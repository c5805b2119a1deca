import type { UnixMillis } from "@tcm/core";

/** `isShared`: time to say that two agents have one identity; said once in a while. */
export type Replacement = { readonly retryAfterMs: number; readonly isShared: boolean };

export type FlapGuard = {
  /** A session of the node has taken the place of another one: when whoever held that may come back. */
  replaced(nodeId: string, now: UnixMillis): Replacement;
};

type History = { count: number; lastAt: UnixMillis; saidAt: UnixMillis };

/** A network that breaks without a word makes a node replace itself now and then; never so often. */
const windowMs = 5 * 60_000;
const manyReplacements = 3;
const sayAgainMs = 60 * 60_000;
const retry = { minMs: 1_000, maxMs: 60_000 };
const maxNodes = 10_000;

/** Two agents with one identity would take its place from each other for ever: each has to wait longer every time. */
export function openFlapGuard(): FlapGuard {
  const nodes = new Map<string, History>();
  return {
    replaced: (nodeId, now) => {
      if (nodes.size >= maxNodes) for (const [id, { lastAt }] of nodes) if (now - lastAt > windowMs) nodes.delete(id);
      const known = nodes.get(nodeId);
      const history =
        known !== undefined && now - known.lastAt <= windowMs ? known : { count: 0, lastAt: now, saidAt: -Infinity };
      history.count += 1;
      history.lastAt = now;
      nodes.set(nodeId, history);
      const isShared = history.count >= manyReplacements && now - history.saidAt > sayAgainMs;
      if (isShared) history.saidAt = now;
      return { retryAfterMs: Math.min(retry.maxMs, retry.minMs * 2 ** (history.count - 1)), isShared };
    },
  };
}
