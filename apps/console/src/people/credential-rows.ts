import type { ApiClientView, ApiTokenView, Role } from "@tcm/api-contract";

export type CredentialRow = {
  readonly id: number;
  readonly name: string;
  /** What of it may be shown. */
  readonly shown: string;
  readonly role: Role;
  readonly lastUsedDate: string | null;
  readonly expiryDate: string | null;
  readonly isRevoked: boolean;
} & ({ readonly kind: "token" } | { readonly kind: "api-client"; readonly profile: "mets" | "console" });

/** Tokens and API clients as one list: those in force first, the newest of them at the top. Pure. */
export function credentialRows(
  tokens: readonly ApiTokenView[],
  clients: readonly ApiClientView[],
): readonly CredentialRow[] {
  const rows = [
    ...tokens.map((one) => ({ date: one.createdDate, row: tokenRow(one) })),
    ...clients.map((one) => ({ date: one.createdDate, row: clientRow(one) })),
  ];
  return rows
    .toSorted((a, b) => Number(a.row.isRevoked) - Number(b.row.isRevoked) || b.date.localeCompare(a.date))
    .map(({ row }) => row);
}

function tokenRow(one: ApiTokenView): CredentialRow {
  const { tokenId: id, name, prefix, role, lastUsedDate, expiryDate, revokedDate } = one;
  const isRevoked = revokedDate !== null;
  return {
    kind: "token",
    id,
    name: name ?? `token ${id}`,
    shown: `${prefix}…`,
    role,
    lastUsedDate,
    expiryDate,
    isRevoked,
  };
}

function clientRow(one: ApiClientView): CredentialRow {
  const { apiClientId: id, name, clientToken: shown, role, profile, lastUsedDate, revokedDate } = one;
  return {
    kind: "api-client",
    id,
    name,
    shown,
    role,
    profile,
    lastUsedDate,
    expiryDate: null,
    isRevoked: revokedDate !== null,
  };
}
