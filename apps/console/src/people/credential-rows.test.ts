import type { ApiClientView, ApiTokenView } from "@tcm/api-contract";
import { expect, test } from "vitest";
import { credentialRows } from "./credential-rows.ts";

const common = { role: "viewer", createdBy: "ann", lastUsedDate: null } as const;
const token = (tokenId: number, createdDate: string, change: Partial<ApiTokenView> = {}): ApiTokenView => ({
  ...common,
  tokenId,
  name: null,
  prefix: "tcm_AbCd",
  createdDate,
  expiryDate: null,
  revokedDate: null,
  ...change,
});
const apiClient = (apiClientId: number, createdDate: string): ApiClientView => ({
  ...common,
  apiClientId,
  name: "terraform",
  clientToken: "akab-1",
  profile: "mets",
  createdDate,
  revokedDate: null,
});

test("those in force come first, the newest of them at the top, and nothing shows a secret", () => {
  const tokens = [token(1, "2026-01-01"), token(2, "2026-03-01", { revokedDate: "2026-03-02" })];
  const rows = credentialRows(tokens, [apiClient(1, "2026-02-01")]);
  expect(rows.map(({ kind, id, name, shown, isRevoked }) => [kind, id, name, shown, isRevoked])).toEqual([
    ["api-client", 1, "terraform", "akab-1", false],
    ["token", 1, "token 1", "tcm_AbCd…", false],
    ["token", 2, "token 2", "tcm_AbCd…", true],
  ]);
});
