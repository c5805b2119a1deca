import type { ApiTokenView, UserView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { credentialRows } from "./credential-rows.ts";
import { madeWith } from "./made-with.ts";

const now = Date.parse("2026-04-01T00:00:00Z");
const token = (tokenId: number, createdBy: string, revokedDate: string | null = null): ApiTokenView => ({
  tokenId,
  name: `made-${tokenId}`,
  prefix: "tcm_AbCd",
  role: "admin",
  createdBy,
  createdDate: `2026-01-0${tokenId}`,
  lastUsedDate: null,
  expiryDate: null,
  revokedDate,
});
const user = (name: string, createdBy: string, disabled = false): UserView => ({
  userId: 1,
  name,
  role: "admin",
  signIn: "password",
  disabled,
  createdDate: "2026-01-01T00:00:00Z",
  createdBy,
  lastSignInDate: null,
});
const client = {
  apiClientId: 1,
  name: "terraform",
  clientToken: "akab-1",
  profile: "mets",
  role: "admin",
  createdBy: "mallory",
  createdDate: "2026-01-01",
  lastUsedDate: null,
  revokedDate: null,
} as const;

function left(tokens: readonly ApiTokenView[], users: readonly UserView[]): readonly string[] {
  const rows = credentialRows(tokens, [client], now);
  const stolen = rows.find(({ kind, id }) => kind === "token" && id === 1);
  if (stolen === undefined) throw new Error("the first token is the stolen one");
  return madeWith(stolen, rows, users, "ann").toSorted();
}

describe("what was made with a credential", () => {
  test("is followed from one to the next, whatever of it is revoked already", () => {
    const tokens = [token(1, "ann"), token(2, "token-1", "2026-01-03"), token(3, "token-2"), token(4, "ann")];
    expect(left(tokens, [user("mallory", "token-3"), user("bob", "ann")])).toEqual([
      "API client terraform",
      "token made-3",
      "user mallory",
    ]);
  });

  test("is nothing where nothing of it is good any more", () => {
    expect(left([token(1, "ann"), token(2, "token-1", "2026-01-03")], [user("eve", "token-1", true)])).toEqual([]);
  });

  test("does not have who asks, and ends where two made each other", () => {
    const tokens = [token(1, "token-2"), token(2, "token-1")];
    expect(left(tokens, [user("ann", "token-1")])).toEqual(["token made-1", "token made-2"]);
  });
});
