import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { hasOpenRights, isOpenToOthers } from "./private-key-file.ts";

describe("a file with a private key", () => {
  const [root, other] = [0, 1_000];
  test.each([
    [0o600, other, false],
    [0o400, other, false],
    [0o640, other, true],
    [0o620, other, true],
    [0o604, other, true],
    [0o644, other, true],
    [0o600, root, false],
    [0o440, root, false],
    [0o640, root, false],
    [0o660, root, true],
    [0o650, root, true],
    [0o644, root, true],
    [0o602, root, true],
  ])("with the rights %o of owner %i is open to others: %s", (rights, uid, isOpen) => {
    expect(hasOpenRights({ mode: 0o100_000 | rights, uid })).toBe(isOpen);
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
