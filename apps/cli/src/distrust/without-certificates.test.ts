import type { CertificateView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { withoutCertificates } from "./without-certificates.ts";

const [a, b, c] = [`${"ab".repeat(6)}${"1".repeat(52)}`, `${"ab".repeat(6)}${"2".repeat(52)}`, "c".repeat(64)];
const version = [a, b, c].map((fingerprint) => ({ fingerprint })) as unknown as readonly CertificateView[];

const kept = (...names: readonly string[]) =>
  withoutCertificates(version, names).kept.map(({ fingerprint }) => fingerprint);

describe("a version without certificates that are named", () => {
  test.each([
    [[c], [a, b]],
    [[c.toUpperCase()], [a, b]],
    [[(c.match(/../g) ?? []).join(":")], [a, b]],
    [[c.slice(0, 12)], [a, b]],
    [
      [c, c.slice(0, 20)],
      [a, b],
    ],
    [[a, c], [b]],
    [[b.slice(0, 13)], [a, c]],
  ])("%j leaves the others, in their order", (names, left) => {
    expect(kept(...names)).toEqual(left);
  });

  test.each([
    [["d".repeat(12)], "No certificate of the version has"],
    [["ab".repeat(6)], "Several certificates begin with"],
    [["abab"], "is no fingerprint"],
    [["CN=Root"], "is no fingerprint"],
    [[`${c}00`], "is no fingerprint"],
    [[a, b, c], "Nothing would be left"],
  ])("%j is refused: %s", (names, reason) => {
    expect(() => kept(...names)).toThrow(reason);
  });
});
