/** How far back handshakes are told. Hours are kept for 90 days. */
export const ranges = [
  { key: "day", text: "24 hours", days: 1 },
  { key: "week", text: "7 days", days: 7 },
  { key: "quarter", text: "90 days", days: 90 },
] as const;

export type Range = (typeof ranges)[number];

const hourMs = 3_600_000;

/** When a range began, on the hour: the same question within it has the same answer at hand. Pure. */
export function startOf({ days }: Range, nowMs: number): string {
  return new Date(Math.floor(nowMs / hourMs) * hourMs - days * 24 * hourMs).toISOString();
}
