import type { UserView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { changeRequest, changesOf, changeWords } from "./user-change.ts";

const ann: UserView = {
  userId: 1,
  name: "ann",
  role: "editor",
  signIn: "password",
  disabled: false,
  createdDate: "2026-01-01T00:00:00Z",
  createdBy: "root",
  lastSignInDate: null,
};

describe("what an administrator may change of somebody", () => {
  test("everything of a person with a password", () => {
    expect(changesOf(ann)).toEqual(["role", "password", "sessions", "disable"]);
  });

  test("no password of who signs in with an identity provider, and of the disabled only that", () => {
    expect(changesOf({ ...ann, signIn: "oidc" })).toEqual(["role", "sessions", "disable"]);
    expect(changesOf({ ...ann, disabled: true })).toEqual(["enable"]);
  });

  test("says whom it is about and what else happens", () => {
    for (const change of [...changesOf(ann), "enable"] as const) {
      const { title, effect } = changeWords(change, ann);
      expect(title).toContain("ann");
      expect(effect).toMatch(/^[A-Z].*\.$/);
    }
    expect(changeWords("disable", ann).effect).toContain("revoked for good");
  });

  test("sends one thing", () => {
    expect(changeRequest("role", "viewer", "")).toEqual({ role: "viewer" });
    expect(changeRequest("password", "viewer", "secret")).toEqual({ password: "secret" });
    expect(changeRequest("sessions", "viewer", "")).toEqual({ disabled: false });
    expect(changeRequest("disable", "viewer", "")).toEqual({ disabled: true });
  });
});
