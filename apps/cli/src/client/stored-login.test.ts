import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { readLogin, removeLogin, type StoredLogin, writeLogin } from "./stored-login.ts";

const login: StoredLogin = { url: "http://127.0.0.1:7300", credential: { token: "tcm_x" } };

/** What the system says of a user that it does not know. */
function noHome(): string {
  throw new Error("uv_os_homedir returned ENOENT");
}

describe("a login", () => {
  test("is kept below the home of the user, and removed from there", () => {
    const home = temporaryDirectory();
    const file = writeLogin({}, login, () => home);
    expect(file).toBe(join(home, ".config/tcm/login.json"));
    expect(readLogin({}, () => home)).toEqual(login);
    removeLogin({}, () => home);
    expect(readLogin({}, () => home)).toBeUndefined();
  });

  test("of a user without a home is none: commands go by what they are given", () => {
    expect(readLogin({}, noHome)).toBeUndefined();
    expect(() => removeLogin({}, noHome)).not.toThrow();
  });

  test("that can be kept nowhere is said, with what to do", () => {
    expect(() => writeLogin({}, login, noHome)).toThrow(
      "The login cannot be kept: this user has no home directory. Name a directory for it with XDG_CONFIG_HOME, or set TCM_URL and TCM_TOKEN.",
    );
  });
});
