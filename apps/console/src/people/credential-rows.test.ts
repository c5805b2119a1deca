import type { ApiClientView, ApiTokenView } from "@tcm/api-contract";
import { expect, test } from "vitest";
import { countText, credentialRows, inForce, untilText } from "./credential-rows.ts";

const now = Date.parse("2026-04-01T00:00:00Z");
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
const tokens = [
  token(1, "2026-01-01"),
  token(2, "2026-03-01", { revokedDate: "2026-03-02", expiryDate: "2026-03-20T00:00:00Z" }),
  token(3, "2026-03-05", { expiryDate: "2026-04-01T00:00:00Z" }),
  token(4, "2025-01-01", { expiryDate: "2026-04-03T12:00:00Z" }),
];
const rows = credentialRows(tokens, [apiClient(1, "2026-02-01")], now);

test("those in force come first, the newest of them at the top, and nothing shows a secret", () => {
  expect(rows.map(({ kind, id, name, shown, state }) => [kind, id, name, shown, state])).toEqual([
    ["api-client", 1, "terraform", "akab-1", "in force"],
    ["token", 1, "token 1", "tcm_AbCd…", "in force"],
    ["token", 4, "token 4", "tcm_AbCd…", "in force"],
    ["token", 3, "token 3", "tcm_AbCd…", "expired"],
    ["token", 2, "token 2", "tcm_AbCd…", "revoked"],
  ]);
  expect(inForce(rows)).toHaveLength(3);
});

test("says until when each is good, and how many are", () => {
  expect(rows.map((row) => untilText(row, now))).toEqual([
    "no end",
    "no end",
    "expires in 2 days",
    "expired today",
    "revoked",
  ]);
  expect(countText(rows)).toBe("3 in force, 1 expired, 1 revoked");
  expect(countText([])).toBe("0 in force");
});
