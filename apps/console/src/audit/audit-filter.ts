/** What the records shown are narrowed to, as it stands in the address: whoever gets the link sees the same. */
export type AuditSearch = {
  readonly by?: string;
  readonly action?: string;
  readonly outcome?: string;
  /** In the form of the field, which is the person's own time: "2026-11-24T23:10". */
  readonly since?: string;
  readonly until?: string;
};

const names = ["by", "action", "outcome", "since", "until"] as const;
const maxWord = 100;

export function readAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const given = names.flatMap((name) => {
    const value = search[name];
    const text = typeof value === "number" ? String(value) : value;
    return typeof text === "string" && text !== "" && text.length <= maxWord ? [[name, text] as const] : [];
  });
  return Object.fromEntries(given);
}

/** For the API, which wants instants; a time that is none is left out. */
export function auditQuery({ since, until, ...rest }: AuditSearch): AuditSearch {
  const times = { since: instant(since, "00.000"), until: instant(until, "59.999") };
  return {
    ...rest,
    ...(times.since !== undefined && { since: times.since }),
    ...(times.until !== undefined && { until: times.until }),
  };
}

/** The field tells minutes; the whole of the last one is meant. */
function instant(local: string | undefined, seconds: string): string | undefined {
  const isMinute = local !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local);
  const time = Date.parse(isMinute ? `${local}:${seconds}` : (local ?? ""));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
