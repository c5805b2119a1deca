/** All waits of the agent, in milliseconds. */
export type AgentTiming = {
  /** Between attempts to reach the control plane. */
  readonly reconnect: Backoff;
  /** Between attempts at an entry whose rejection may pass: certificates not to be had, a full disk, a failed proof. */
  readonly retry: Backoff;
  /** From opening a connection to `welcome`. */
  readonly welcomeTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  /** How often at most the time of the last contact is noted on disk. */
  readonly contactIntervalMs: number;
  /** How often it is asked whether there are handshakes to tell of. */
  readonly handshakeLookMs: number;
};

export type Backoff = { readonly minMs: number; readonly maxMs: number };

export const agentTiming: AgentTiming = {
  reconnect: { minMs: 250, maxMs: 15_000 },
  retry: { minMs: 1_000, maxMs: 60_000 },
  welcomeTimeoutMs: 10_000,
  fetchTimeoutMs: 30_000,
  contactIntervalMs: 30_000,
  handshakeLookMs: 1_000,
};

/**
 * How long to wait after so many failures in a row: never below `minMs` nor above `maxMs`, spread at random so that the
 * agents that one restart cut off do not come back in one moment. `random` is in [0, 1).
 */
export function backoffMs({ minMs, maxMs }: Backoff, failures: number, random: number): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failures + 1, 20));
  return Math.round(minMs + random * (ceiling - minMs));
}
