import { plural } from "../text/time-text.ts";

const dayMs = 86_400_000;

export type Silence =
  | { readonly kind: "heard"; readonly iso: string }
  | { readonly kind: "silent"; readonly iso: string; readonly forText: string }
  | { readonly kind: "never" };

/** Whether clients still come in by an anchor: a day without one is silence. Pure. */
export function silenceOf(lastAcceptedDate: string | null, nowMs: number): Silence {
  if (lastAcceptedDate === null) return { kind: "never" };
  const days = Math.floor((nowMs - Date.parse(lastAcceptedDate)) / dayMs);
  if (days < 1) return { kind: "heard", iso: lastAcceptedDate };
  return { kind: "silent", iso: lastAcceptedDate, forText: plural(days, "day") };
}
