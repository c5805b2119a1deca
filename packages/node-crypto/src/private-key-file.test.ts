import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { isOpenToOthers, othersMayUse } from "./private-key-file.ts";

describe("a file with a private key", () => {
  const [root, own, other] = [0, 1_000, 1_001];
  test.each([
    [0o600, own, false],
    [0o400, own, false],
    [0o640, own, true],
    [0o620, own, true],
    [0o604, own, true],
    [0o644, own, true],
    [0o600, other, true],
    [0o400, other, true],
    [0o600, root, false],
    [0o440, root, false],
    [0o640, root, false],
    [0o660, root, true],
    [0o650, root, true],
    [0o644, root, true],
    [0o602, root, true],
  ])("with the rights %o of owner %i is open to others than user 1000: %s", (rights, uid, isOpen) => {
    expect(othersMayUse({ mode: 0o100_000 | rights, uid }, own)).toBe(isOpen);
  });

  test("of another user is not even root's to use", () => {
    expect(othersMayUse({ mode: 0o100_600, uid: other }, root)).toBe(true);
  });

  test("is asked on the disk, and one that is not there throws", () => {
    const file = join(temporaryDirectory(), "key.pem");
    expect(() => isOpenToOthers(file)).toThrow("ENOENT");
    writeFileSync(file, "");
    chmodSync(file, 0o600);
    expect(isOpenToOthers(file)).toBe(false);
    chmodSync(file, 0o604);
    expect(isOpenToOthers(file)).toBe(true);
  });
});
