import type { Outcome, UnixMillis } from "@tcm/core";
import type { CertificateStatus, ExpiryFilter } from "../operations/versions/list-version-certificates.ts";
import { done, type Refusal, refuse } from "../operations/refuse.ts";
import { instantText } from "./instant-text.ts";

/** As mETS combines them: EXPIRING is part of ACTIVE, so that the two never go together. */
export const certificateStatuses = [
  "EXPIRING",
  "EXPIRED",
  "ACTIVE",
  "EXPIRING,EXPIRED",
  "EXPIRED,EXPIRING",
  "ACTIVE,EXPIRED",
  "EXPIRED,ACTIVE",
] as const;

export type ExpiryQuery = {
  readonly certificateStatus?: (typeof certificateStatuses)[number] | undefined;
  readonly expiryThresholdInDays?: string | undefined;
  readonly expiryThresholdTimestamp?: string | undefined;
};

const dayMs = 86_400_000;
/** Longer than any certificate is valid. */
const maxDays = 36_500;

/** The filter that the query parameters ask for, or which of them do not go together. */
export function expiryFilter(query: ExpiryQuery, now: UnixMillis): Outcome<ExpiryFilter> {
  const statuses = new Set((query.certificateStatus?.split(",") ?? []) as CertificateStatus[]);
  if (query.expiryThresholdTimestamp !== undefined)
    return byTimestamp(query, query.expiryThresholdTimestamp, statuses, now);
  if (query.expiryThresholdInDays !== undefined) return byDays(query.expiryThresholdInDays, statuses, now);
  return done({ statuses, expiringBefore: undefined, expiredAfter: undefined });
}

function byDays(text: string, statuses: ReadonlySet<CertificateStatus>, now: UnixMillis): Outcome<ExpiryFilter> {
  const name = "expiryThresholdInDays";
  if (statuses.size === 0) return missingStatus(name, "EXPIRING, EXPIRED or both");
  if (statuses.has("ACTIVE")) return invalid(name, text, "needs a certificateStatus of EXPIRING, EXPIRED or both");
  const days = thresholdDays(text);
  if (!days.ok) return days;
  return done({ statuses, expiringBefore: now + days.value * dayMs, expiredAfter: now - days.value * dayMs });
}

/** What expiryThresholdInDays says. */
export function thresholdDays(text: string): Outcome<number> {
  const days = Number(text);
  if (!/^\d{1,5}$/.test(text) || days > maxDays)
    return invalid("expiryThresholdInDays", text, `is a whole number of days up to ${maxDays}`);
  return done(days);
}

function byTimestamp(
  { expiryThresholdInDays }: ExpiryQuery,
  text: string,
  statuses: ReadonlySet<CertificateStatus>,
  now: UnixMillis,
): Outcome<ExpiryFilter> {
  const name = "expiryThresholdTimestamp";
  const [status] = statuses;
  if (status === undefined) return missingStatus(name, "EXPIRING or EXPIRED");
  if (statuses.size > 1 || status === "ACTIVE")
    return invalid(name, text, "needs a certificateStatus of EXPIRING or EXPIRED alone");
  if (expiryThresholdInDays !== undefined) return invalid(name, text, "does not go with expiryThresholdInDays");
  const instant = instantText(text);
  if (instant === undefined)
    return invalid(name, text, "is an ISO 8601 date and time with its offset, such as 2026-12-31T00:00:00Z");
  const at = Date.parse(instant);
  if (status === "EXPIRING" && at < now)
    return invalid(name, text, "is in the past, and certificates that expire are asked for");
  if (status === "EXPIRED" && at > now)
    return invalid(name, text, "is in the future, and certificates that have expired are asked for");
  return done({ statuses, expiringBefore: at, expiredAfter: at });
}

function missingStatus(parameterName: string, values: string): Refusal {
  return missingQuery("certificateStatus", `${values}, since ${parameterName} is given`);
}

function invalid(parameterName: string, value: string, why: string): Refusal {
  return invalidQuery(parameterName, value, `The query parameter ${parameterName} ${why}.`);
}

export function missingQuery(parameterName: string, values: string): Refusal {
  return refuse("missing-required-query-parameter", `Give the query parameter ${parameterName}: ${values}.`, {
    contextInfo: { parameterName },
  });
}

export function invalidQuery(parameterName: string, value: string, detail: string): Refusal {
  const contextInfo = { parameterName, invalidParameterValue: value.slice(0, 100) };
  const item = { type: "invalid-field", title: "Invalid value", detail, pointer: `/${parameterName}` };
  return refuse("invalid-field", detail, { contextInfo, errors: [item] });
}
