import type { ValidateResponse } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { type Content, compareContent, contentOfDraft, isSameContent, isSameTrust } from "./content.ts";
import { changeDraft, emptyDraft, usualOptions } from "./draft.ts";

const member = (name: string, description: string | null = null) => ({
  fingerprint: name.toLowerCase(),
  subject: `CN=${name}`,
  issuer: `CN=${name}`,
  endDate: "2030-01-01T00:00:00Z",
  description,
});
const content = (...members: Content["members"]): Content => ({ members, options: usualOptions, description: null });

describe("two contents are compared", () => {
  test("by fingerprint: added, removed and kept", () => {
    const diff = compareContent(content(member("A"), member("B")), content(member("C"), member("B")));
    expect(diff.added.map(({ subject }) => subject)).toEqual(["CN=C"]);
    expect(diff.removed.map(({ subject }) => subject)).toEqual(["CN=A"]);
    expect(diff.keptCount).toBe(1);
    expect(isSameContent(diff)).toBe(false);
  });

  test("by what is said of certificates that stay, and of the whole", () => {
    const before = content(member("A"), member("B", "old"));
    const after = { ...content(member("A"), member("B", "new")), description: "spring" };
    const diff = compareContent(before, after);
    expect(diff.described).toEqual([{ ...member("B", "new"), from: "old" }]);
    expect(diff.description).toEqual({ from: null, to: "spring" });
    expect(isSameContent(diff)).toBe(false);
  });

  test("and trust the same whatever is said about them, unless a certificate or an option differs", () => {
    const before = content(member("A"), member("B", "old"));
    const said = { ...content(member("B", "new"), member("A")), description: "spring" };
    const sha1 = { ...before, options: { ...usualOptions, allowInsecureSha1: true } };
    expect(isSameTrust(compareContent(before, said))).toBe(true);
    expect(isSameTrust(compareContent(before, content(member("A"))))).toBe(false);
    expect(isSameTrust(compareContent(content(member("A")), before))).toBe(false);
    expect(isSameTrust(compareContent(before, sha1))).toBe(false);
  });

  test("by their options", () => {
    const after = { ...content(member("A")), options: { ...usualOptions, allowInsecureSha1: true } };
    expect(compareContent(content(member("A")), after).options).toEqual([
      { option: "allowInsecureSha1", from: false, to: true },
    ]);
  });

  test("and are the same in whatever order", () => {
    const diff = compareContent(content(member("A"), member("B")), content(member("B"), member("A")));
    expect(isSameContent(diff)).toBe(true);
    expect(diff.keptCount).toBe(2);
  });
});

test("a certificate that was handed in twice is saved once, with its first description", () => {
  const place = { file: "a.pem", position: 1, line: 1 };
  const found = [
    { certificatePem: "A", place, subject: undefined, endDate: undefined },
    { certificatePem: "A", place, subject: undefined, endDate: undefined },
  ];
  let draft = changeDraft(emptyDraft(), { type: "add", found, refused: [] });
  draft = changeDraft(draft, { type: "describe", id: 1, description: "ours" });
  const response = { certificates: [member("A"), member("A")] } as unknown as ValidateResponse;
  draft = changeDraft(draft, { type: "judge", verdict: { ok: true, response }, revision: draft.revision });
  expect(contentOfDraft(draft).members).toEqual([member("A", "ours")]);
});
