/** `2026-11-24 18:21` of an ISO date in UTC; a dash where there is none. */
export function shortDate(iso: string | null): string {
  return iso === null ? "-" : iso.slice(0, 16).replace("T", " ");
}

/** `0.4 s`, `12 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 1000)} s`;
}
