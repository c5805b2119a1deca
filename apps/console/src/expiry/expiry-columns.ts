import { type Urgency, urgencyOf } from "../structure/urgency.ts";

/** Certificates that end within one stretch of time. */
export type ExpiryColumn = {
  readonly startMs: number;
  readonly label: string;
  readonly counts: Readonly<Record<Urgency, number>>;
  readonly total: number;
  readonly isNow: boolean;
};

const dayMs = 86_400_000;
/** As many as can be told apart on a telephone. */
const maxColumns = 24;

type Stretch = {
  readonly indexOf: (ms: number) => number;
  readonly startOf: (index: number) => number;
  readonly label: Label;
};
type Label = "day" | "month" | "year";

const stretches: readonly Stretch[] = [
  days(1),
  days(7),
  months(1, "month"),
  months(3, "month"),
  months(12, "year"),
  months(60, "year"),
  months(600, "year"),
];

/** Ends of validity over time, in stretches of UTC time that are as short as the whole allows; now is one of them. Pure. */
export function expiryColumns(endDates: readonly string[], now: number): readonly ExpiryColumn[] {
  if (endDates.length === 0) return [];
  const ends = endDates.map((iso) => Date.parse(iso));
  const [first, last] = [Math.min(now, ...ends), Math.max(now, ...ends)];
  const fits = ({ indexOf }: Stretch): boolean => indexOf(last) - indexOf(first) < maxColumns;
  const stretch = stretches.find(fits) ?? months(12_000, "year");
  const { indexOf, startOf } = stretch;
  const byIndex = Map.groupBy(endDates, (iso) => indexOf(Date.parse(iso)));
  return Array.from({ length: indexOf(last) - indexOf(first) + 1 }, (_, i) => {
    const index = indexOf(first) + i;
    const inside = byIndex.get(index) ?? [];
    const counts = { expired: 0, soon: 0, near: 0, later: 0 };
    for (const iso of inside) counts[urgencyOf(iso, now)]++;
    const startMs = startOf(index);
    return {
      startMs,
      label: labelOf(startMs, stretch.label),
      counts,
      total: inside.length,
      isNow: index === indexOf(now),
    };
  });
}

function days(count: number): Stretch {
  return {
    indexOf: (ms) => Math.floor(ms / dayMs / count),
    startOf: (index) => index * count * dayMs,
    label: "day",
  };
}

function months(count: number, label: Label): Stretch {
  return {
    indexOf: (ms) => {
      const date = new Date(ms);
      return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / count);
    },
    // Counted from 1970: `Date.UTC` takes the years 0 to 99 for those of the last century.
    startOf: (index) => Date.UTC(1970, index * count - 1_970 * 12),
    label,
  };
}

function labelOf(startMs: number, label: Label): string {
  const date = new Date(startMs);
  if (label === "year") return String(date.getUTCFullYear());
  const month = date.toLocaleString("en", { month: "short", timeZone: "UTC" });
  return label === "day" ? `${date.getUTCDate()} ${month}` : `${month} ${date.getUTCFullYear()}`;
}
