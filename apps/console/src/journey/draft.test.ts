import type { ValidateResponse } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import {
  changeDraft,
  type Draft,
  draftBody,
  emptyDraft,
  isAccepted,
  isChanged,
  type Verdict,
  versionBody,
  writtenCount,
} from "./draft.ts";
import { refusedFile } from "./refused-text.ts";

const place = { file: "a.pem", position: 1, line: 1 };
const found = (certificatePem: string) => ({ certificatePem, place, subject: undefined, endDate: undefined });
const good: Verdict = { ok: true, response: {} as ValidateResponse };
const problem = { code: "pem-no-block", line: 1, offset: 0, label: undefined, expected: "" } as const;

function accepted(): Draft {
  const filled = changeDraft(emptyDraft(), { type: "add", found: [found("A"), found("B")], refused: [] });
  return judged(filled, good);
}

function judged(draft: Draft, verdict: Verdict): Draft {
  return changeDraft(draft, { type: "judge", verdict, revision: draft.revision });
}

describe("a draft", () => {
  test("chains to a root and refuses same names and SHA-1, unless told otherwise", () => {
    expect(draftBody(emptyDraft())).toEqual({
      requireRootCertificate: true,
      allowInsecureSha1: false,
      allowDuplicateCommonNames: false,
      certificates: [],
    });
  });

  test("may be saved when the server found nothing wrong with what it holds", () => {
    expect(isAccepted(accepted())).toBe(true);
    expect(isAccepted(emptyDraft())).toBe(false);
    expect(isAccepted(judged(accepted(), { ok: false, items: [], error: 1 }))).toBe(false);
  });

  test.each([
    ["another certificate", { type: "add", found: [found("C")], refused: [] }],
    ["one less", { type: "remove", ids: [1] }],
    ["another option", { type: "set-option", option: "allowInsecureSha1", value: true }],
  ] as const)("loses its verdict by %s", (_name, change) => {
    expect(changeDraft(accepted(), change).verdict).toBeUndefined();
    expect(isAccepted(changeDraft(accepted(), change))).toBe(false);
  });

  test("takes no verdict that was asked for before its last change", () => {
    const asked = changeDraft(emptyDraft(), { type: "add", found: [found("A")], refused: [] });
    const added = changeDraft(asked, { type: "add", found: [found("B")], refused: [] });
    expect(changeDraft(added, { type: "judge", verdict: good, revision: asked.revision }).verdict).toBeUndefined();
    expect(changeDraft(added, { type: "judge", verdict: good, revision: added.revision }).verdict).toBe(good);
  });

  test("keeps its verdict when a certificate is only described", () => {
    const described = changeDraft(accepted(), { type: "describe", id: 2, description: "ours" });
    expect(isAccepted(described)).toBe(true);
    expect(draftBody(described).certificates).toEqual([
      { certificatePem: "A" },
      { certificatePem: "B", description: "ours" },
    ]);
  });

  test("says what the version is for, or nothing", () => {
    const described = changeDraft(accepted(), { type: "describe-version", description: " for partners " });
    expect(isAccepted(described)).toBe(true);
    expect(versionBody(described).description).toBe("for partners");
    expect(versionBody(accepted()).description).toBeNull();
    expect(draftBody(described)).not.toHaveProperty("description");
    expect(isChanged(accepted(), described)).toBe(true);
  });

  test("is not saved while something that was handed in was not taken", () => {
    const refused = [{ place: { ...place, position: undefined }, problem }];
    const changed = changeDraft(accepted(), { type: "add", found: [], refused });
    expect(isAccepted(changed)).toBe(false);
    expect(isAccepted(changeDraft(changed, { type: "forget-refused" }))).toBe(true);
  });

  test("tells of what was not taken until that is handed in again, whatever else comes", () => {
    const from = (file: string) => ({ ...found("C"), place: { ...place, file } });
    const told = (draft: Draft): readonly string[] => draft.refused.map(refusedFile);
    const refused = [
      { place: { ...place, file: "key.pem", position: undefined }, problem },
      { file: "partners", why: "no-files" },
    ] as const;
    const changed = changeDraft(accepted(), { type: "add", found: [], refused });
    const beside = changeDraft(changed, { type: "add", found: [from("other.pem")], refused: [] });
    expect(told(beside)).toEqual(["key.pem", "partners"]);
    const mended = changeDraft(beside, { type: "add", found: [from("partners/root.pem")], refused: [] });
    expect(told(mended)).toEqual(["key.pem"]);
    expect(told(changeDraft(mended, { type: "add", found: [], refused: [refused[0]] }))).toEqual(["key.pem"]);
    expect(told(changeDraft(mended, { type: "add", found: [from("key.pem")], refused: [] }))).toEqual([]);
  });

  test("is changed by another certificate or option, and not by a verdict", () => {
    expect(isChanged(accepted(), accepted())).toBe(true);
    const draft = accepted();
    expect(isChanged(draft, judged(draft, good))).toBe(false);
    expect(isChanged(draft, changeDraft(draft, { type: "remove", ids: [1] }))).toBe(true);
  });

  test("never gives one id to two certificates", () => {
    const removed = changeDraft(accepted(), { type: "remove", ids: [2] });
    const again = changeDraft(removed, { type: "add", found: [found("C")], refused: [] });
    expect(again.certificates.map(({ id }) => id)).toEqual([1, 3]);
  });

  test("keeps what was found about what is still there until all of it is judged again", () => {
    const item = (index: number) => ({
      type: "urn:problem/not-a-ca-certificate",
      title: "",
      detail: `${index}`,
      pointer: `/certificates/${index}/certificatePem`,
    });
    const refused = judged(accepted(), { ok: false, items: [item(0), item(1)], error: 1 });
    const details = ({ lastProblems }: Draft) => lastProblems?.map(({ detail, id }) => [detail, id]);
    expect(details(refused)).toBeUndefined();
    const removed = changeDraft(refused, { type: "remove", ids: [1] });
    expect(details(removed)).toEqual([["1", 2]]);
    const added = changeDraft(removed, { type: "add", found: [found("C")], refused: [] });
    expect(details(added)).toEqual([["1", 2]]);
    expect(details(changeDraft(added, { type: "remove", ids: [2] }))).toEqual([]);
    expect(details(judged(added, good))).toBeUndefined();
    expect(isAccepted(added)).toBe(false);
  });

  test("that was refused as a whole leaves nothing to keep", () => {
    const refused = judged(accepted(), { ok: false, items: [], error: 1 });
    expect(changeDraft(refused, { type: "remove", ids: [1] }).lastProblems).toBeUndefined();
  });

  test("counts a certificate that was handed in twice once, as it will be written", () => {
    const copies = changeDraft(emptyDraft(), {
      type: "add",
      found: [found("A"), found("B"), found("A\n")],
      refused: [],
    });
    expect(writtenCount(copies)).toBe(2);
    const fingerprints = ["a", "a", "a"].map((fingerprint) => ({ fingerprint }));
    const response = { certificates: fingerprints } as unknown as ValidateResponse;
    expect(writtenCount(judged(copies, { ok: true, response }))).toBe(1);
  });
});
