/** "9 min 40 s", "40 s"; of what has passed: undefined. Pure. */
export function timeLeft(untilMs: number, nowMs: number): string | undefined {
  const seconds = Math.ceil((untilMs - nowMs) / 1_000);
  if (!(seconds > 0)) return undefined;
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** When a deployment ends, whatever its nodes do. */
export function deadlineText(deadlineDate: string, nowMs: number): string {
  const left = timeLeft(Date.parse(deadlineDate), nowMs);
  return left === undefined ? "Its time is over: it ends now." : `It ends in ${left} at the latest.`;
}

/** The time of the day with its seconds, in the person's own way. */
export function clockTime(ms: number): string {
  return Number.isNaN(ms) ? "an unknown time" : new Date(ms).toLocaleTimeString();
}
