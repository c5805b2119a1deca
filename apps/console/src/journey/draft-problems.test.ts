import type { ProblemItemView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { draftProblems, groupByCertificate, indexOfPointer, placeAndName, problemsOfThose } from "./draft-problems.ts";

const certificates = ["a.pem", "b.pem", "c.pem"].map((from, i) => ({
  id: 10 + i,
  from,
  certificatePem: from,
  subject: undefined,
  endDate: undefined,
  description: null,
}));

function item(code: string, index: number | undefined, contextInfo: Record<string, unknown> = {}): ProblemItemView {
  const pointer = index === undefined ? {} : { pointer: `/certificates/${index}/certificatePem` };
  return { type: `urn:problem/${code}`, title: code, detail: `The ${code}.`, contextInfo, ...pointer };
}

const told = (...items: readonly ProblemItemView[]) => draftProblems(items, certificates);

describe("what was found about a draft", () => {
  test("belongs to a certificate, whatever else is taken out", () => {
    const problems = told(item("one", 0), item("two", 2), item("whole", undefined));
    expect(problems.map(({ code, id }) => [code, id])).toEqual([
      ["one", 10],
      ["two", 12],
      ["whole", undefined],
    ]);
    const left = problemsOfThose(problems, certificates.slice(1));
    expect(left.map(({ code }) => code)).toEqual(["two", "whole"]);
  });

  test("is told by certificate, each once", () => {
    const problems = told(item("one", 2), item("two", 0), item("three", 2), item("w", undefined), item("x", undefined));
    const groups = groupByCertificate(problems, certificates);
    expect(groups.map(({ about, problems: all }) => [about?.from, all.map(({ code }) => code)])).toEqual([
      ["c.pem", ["one", "three"]],
      ["a.pem", ["two"]],
      [undefined, ["w"]],
      [undefined, ["x"]],
    ]);
  });

  test("begins with what ends soon, and says in how many days", () => {
    const expiring = (index: number, daysLeft: number) =>
      item("expiring-certificate", index, { expiryDate: "2026-12-17T00:00:00Z", daysLeft });
    const groups = groupByCertificate(told(item("other", 0), expiring(1, 19), expiring(2, 0)), certificates);
    expect(groups.map(({ about }) => about?.from)).toEqual(["b.pem", "c.pem", "a.pem"]);
    expect(groups[0]?.problems[0]?.detail).toMatch(
      /^The certificate expires in 19 days, on .*2026.*\. Plan its rotation\.$/,
    );
    expect(groups[1]?.problems[0]?.detail).toMatch(/ expires today, on /);
  });

  test("names another certificate by its file and place, and options as this page does", () => {
    const [copy, twin, sha1] = told(
      item("duplicate-certificate", 1, { firstIndex: 0 }),
      item("same-common-name", 2, { commonName: "Root\u202E A", other: { index: 1 } }),
      item("insecure-signature-algorithm", 2, { signatureAlgorithm: "sha1WithRSAEncryption", allowable: true }),
    );
    expect(copy?.detail).toMatch(/ is the same as a\.pem and is kept once\. /);
    expect(twin?.detail).toContain(": b.pem, ");
    expect(twin?.detail).toContain('Remove one, or set "Allow the same Common Name twice"');
    expect(twin?.detail).not.toContain("\u202E");
    expect(sha1?.detail).toContain('"Allow SHA-1 signatures"');
  });

  test("is in the server's own words where this console knows nothing of it", () => {
    const newer = item("found-by-a-later-server", 0, { firstIndex: 0 });
    const { contextInfo: _, ...bare } = item("same-common-name", 0);
    expect(told(newer, bare).map(({ detail }) => detail)).toEqual([newer.detail, bare.detail]);
  });
});

test.each([
  ["/certificates/0", 0],
  ["/certificates/12/certificatePem", 12],
  ["/certificates", undefined],
  ["/certificates/99999", undefined],
  [undefined, undefined],
])("the pointer %s names certificate %s", (pointer, index) => {
  expect(indexOfPointer(pointer)).toBe(index);
});

test("a certificate is told by where it stands, and by whose it is where that could be read", () => {
  const from = "a.pem, certificate 2 (line 9)";
  expect(placeAndName({ from, subject: "CN=Root A, O=Partner" })).toBe("a.pem, certificate 2 (line 9): Root A. ");
  expect(placeAndName({ from, subject: undefined })).toBe("a.pem, certificate 2 (line 9): ");
});
