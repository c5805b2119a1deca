import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { nodeCrypto } from "@tcm/node-crypto";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { denyAllAuthority } from "./deny-all.ts";
import { prepareTrustFiles } from "./prepare-trust-files.ts";

const rights = (path: string) => statSync(path).mode & 0o777;

describe("the directory of the trust files", () => {
  test("is reached by a proxy of another user, through every directory that was made for it, whatever the umask", async () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const theirs = temporaryDirectory();
    chmodSync(theirs, 0o750);
    const made = ["state", "state/agent", "state/agent/trust"].map((path) => join(theirs, path));
    await prepareTrustFiles(`${made[2]}/`, [], denyAllAuthority(nodeCrypto));
    expect(made.map(rights)).toEqual([0o755, 0o755, 0o755]);
    expect(rights(theirs)).toBe(0o750);
  });

  test("keeps the rights that somebody gave it", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o710);
    await prepareTrustFiles(directory, [], denyAllAuthority(nodeCrypto));
    expect(rights(directory)).toBe(0o710);
  });
});
