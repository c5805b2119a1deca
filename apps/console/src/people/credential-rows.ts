import type { ApiClientView, ApiTokenView, Role } from "@tcm/api-contract";
import { expiryText, plural } from "../text/time-text.ts";

export type CredentialState = "in force" | "expired" | "revoked";

export type CredentialRow = {
  readonly id: number;
  readonly name: string;
  /** What of it may be shown. */
  readonly shown: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdDate: string;
  readonly lastUsedDate: string | null;
  readonly expiryDate: string | null;
  readonly state: CredentialState;
} & ({ readonly kind: "token" } | { readonly kind: "api-client"; readonly profile: "mets" | "console" });

/** Tokens and API clients as one list: those in force first, the newest of them at the top. Pure. */
export function credentialRows(
  tokens: readonly ApiTokenView[],
  clients: readonly ApiClientView[],
  nowMs: number,
): readonly CredentialRow[] {
  const rows = [...tokens.map((one) => tokenRow(one, nowMs)), ...clients.map(clientRow)];
  return rows.toSorted(
    (a, b) =>
      Number(a.state !== "in force") - Number(b.state !== "in force") || b.createdDate.localeCompare(a.createdDate),
  );
}

/** Everything of them that is not in force any more is looked up seldom. */
export function inForce(rows: readonly CredentialRow[]): readonly CredentialRow[] {
  return rows.filter(({ state }) => state === "in force");
}

/** "2 in force, 1 expired, 3 revoked". */
export function countText(rows: readonly CredentialRow[]): string {
  const states: readonly CredentialState[] = ["in force", "expired", "revoked"];
  const counts = states.map((state) => ({ state, count: rows.filter((row) => row.state === state).length }));
  const named = counts.filter(({ state, count }) => count > 0 || state === "in force");
  return named.map(({ state, count }) => `${count.toLocaleString("en")} ${state}`).join(", ");
}

/** "no end", "expires in 3 days", "revoked". */
export function untilText({ state, expiryDate }: CredentialRow, nowMs: number): string {
  if (state === "revoked") return "revoked";
  return expiryDate === null ? "no end" : expiryText(expiryDate, nowMs);
}

function tokenRow(one: ApiTokenView, nowMs: number): CredentialRow {
  const { tokenId: id, name, prefix, role, createdBy, createdDate, lastUsedDate, expiryDate, revokedDate } = one;
  const hasExpired = expiryDate !== null && Date.parse(expiryDate) <= nowMs;
  return {
    kind: "token",
    id,
    name: name ?? `token ${id}`,
    shown: `${prefix}…`,
    role,
    createdBy,
    createdDate,
    lastUsedDate,
    expiryDate,
    state: revokedDate !== null ? "revoked" : hasExpired ? "expired" : "in force",
  };
}

function clientRow(one: ApiClientView): CredentialRow {
  const { apiClientId: id, name, clientToken: shown, role, profile, createdBy, createdDate } = one;
  return {
    kind: "api-client",
    id,
    name,
    shown,
    role,
    profile,
    createdBy,
    createdDate,
    lastUsedDate: one.lastUsedDate,
    expiryDate: null,
    state: one.revokedDate === null ? "in force" : "revoked",
  };
}

/** How long a new token is good, in days; undefined: until it is revoked. */
export const lifetimes: readonly (readonly [days: number | undefined, words: string])[] = [
  ...[7, 30, 90, 365].map((days) => [days, plural(days, "day")] as const),
  [undefined, "Until it is revoked"],
];
