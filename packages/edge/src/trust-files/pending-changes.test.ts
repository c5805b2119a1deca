import { nodeCrypto } from "@tcm/node-crypto";
import { type TestAuthority, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { denyAllAuthority } from "./deny-all.ts";
import { PendingChanges } from "./pending-changes.ts";
import type { TrustChange } from "./trust-file-driver.ts";
import { trustFile } from "./trust-file.ts";

const pki = testPki();
const [a, b, c] = [pki.root("A"), pki.root("B"), pki.root("C")];
const denyAll = denyAllAuthority(nodeCrypto);
const fileOf = (...anchors: readonly TestAuthority[]) =>
  trustFile(
    "/trust",
    "ca-set/1",
    anchors.map(({ certificate }) => certificate),
    denyAll,
  );
const names = ({ added, removed, removesTrust }: TrustChange) => ({
  added: added.map(({ fingerprint }) => fingerprint),
  removed: removed.map(({ fingerprint }) => fingerprint),
  removesTrust,
});

describe("what is to be proved of a file", () => {
  test("is nothing for one that did not change", () => {
    expect(names(new PendingChanges().of(fileOf(a)))).toEqual({ added: [], removed: [], removesTrust: false });
  });

  test("is every anchor that came or went since the last proof", () => {
    const pending = new PendingChanges();
    const [second, third] = [fileOf(a, b), fileOf(b, c)];
    pending.record(second, fileOf(a).anchors, false);
    expect(names(pending.of(second))).toEqual({ added: [b.fingerprint], removed: [], removesTrust: false });
    pending.record(third, second.anchors, false);
    expect(names(pending.of(third))).toEqual({
      added: [b.fingerprint, c.fingerprint],
      removed: [a.fingerprint],
      removesTrust: true,
    });
  });

  test("is a removal too where one came back out that was never proved to be in", () => {
    const pending = new PendingChanges();
    const [first, second] = [fileOf(a), fileOf(a, b)];
    pending.record(second, first.anchors, false);
    pending.record(first, second.anchors, false);
    expect(names(pending.of(first))).toMatchObject({ removed: [b.fingerprint], removesTrust: true });
  });

  test("may be a removal where nobody knows what was in it", () => {
    const pending = new PendingChanges();
    pending.record(fileOf(a), [], true);
    expect(names(pending.of(fileOf(a)))).toMatchObject({ removesTrust: true });
  });

  test("is forgotten with its proof, but not with the proof of one before", () => {
    const pending = new PendingChanges();
    const [second, third] = [fileOf(b), fileOf(c)];
    pending.record(second, fileOf(a).anchors, false);
    pending.record(third, second.anchors, false);
    pending.proved(second);
    expect(pending.of(third).removesTrust).toBe(true);
    pending.proved(third);
    expect(pending.of(third).removesTrust).toBe(false);
  });

  test("concerns the placeholder where there is no anchor", () => {
    expect(fileOf().anchors).toEqual([denyAll]);
    expect(fileOf().pem).toContain("BEGIN CERTIFICATE");
  });
});
