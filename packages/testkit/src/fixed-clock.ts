/** A clock that stands still until it is told otherwise. */
export type FixedClock = {
  /** Milliseconds since 1970, as `Date.now`; bound, so that it can be handed in alone. */
  readonly now: () => number;
  readonly unixSeconds: () => number;
  readonly advance: (milliseconds: number) => void;
  readonly set: (iso: string) => void;
};

export function fixedClock(iso = "2026-06-01T00:00:00Z"): FixedClock {
  let time = Date.parse(iso);
  return {
    now: () => time,
    unixSeconds: () => Math.floor(time / 1000),
    advance: (milliseconds) => {
      time += milliseconds;
    },
    set: (other) => {
      time = Date.parse(other);
    },
  };
}
