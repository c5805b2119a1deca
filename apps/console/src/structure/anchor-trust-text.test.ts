import { describe, expect, test } from "vitest";
import { type AnchorTrust, anchorTrustText, namesOf, trustSummary } from "./anchor-trust-text.ts";

function anchor(change: Partial<AnchorTrust>): AnchorTrust {
  return {
    fingerprint: "f".repeat(64),
    subject: "CN=A",
    letsIn: { clientAuth: true, until: "2030-01-01T00:00:00Z" },
    covers: [],
    coveredBy: [],
    role: "issuing",
    ...change,
  };
}

const until = "2030-01-01T00:00:00Z";
const names = (fingerprint: string): string => fingerprint.toUpperCase();
const text = (change: Partial<AnchorTrust>): string => anchorTrustText(anchor(change), names).join(" ");

describe("what an anchor makes trusted is told", () => {
  test.each<[string, Partial<AnchorTrust>, RegExp]>([
    ["one that lets its clients in alone", {}, /by it alone: without it they are refused\.$/],
    ["one that others stand in for", { role: "pinned", coveredBy: ["a", "b"] }, /without it too, by A, B/],
    ["one that many stand in for", { role: "pinned", coveredBy: ["a", "b", "c", "d", "e"] }, /A, B, C and 2 more/],
    ["one that lets in all under it", { role: "widening", covers: ["a"] }, /CAs to come.*under it: 1\./],
    ["no CA below", { letsIn: { clientAuth: true, furtherCas: 0, until } }, /No CA may stand under it/],
    ["one CA below", { letsIn: { clientAuth: true, furtherCas: 1, until } }, /At most 1 further CA may/],
    [
      "names that are permitted",
      { letsIn: { clientAuth: true, permittedNames: ["dNSName:x"], until } },
      /Only.*dNSName:x/,
    ],
    [
      "names that are excluded",
      { letsIn: { clientAuth: true, excludedNames: ["dNSName:y"], until } },
      /No clients.*dNSName:y/,
    ],
  ])("%s", (_name, change, expected) => {
    expect(text(change)).toMatch(expected);
  });

  test("one that is not for clients lets in nobody, whatever else it says", () => {
    expect(text({ role: "widening", letsIn: { clientAuth: false, furtherCas: 3, until } })).toMatch(
      /^It lets in nobody.*5280/,
    );
  });
});

describe("a version is summed up", () => {
  const pinning = { kept: ["b"], dropped: [{ fingerprint: "a", subject: "CN=A", stillServedBy: ["b"] }] };

  test("by how many anchors trust more than their own clients", () => {
    const anchors = [anchor({ role: "widening" }), anchor({ role: "pinned" })];
    expect(trustSummary({ anchors, pinning })).toMatch(/^1 of 2 trust anchors .*leave out 1 certificate and keep 1\.$/);
  });

  test("shortly when none does", () => {
    expect(trustSummary({ anchors: [anchor({})], pinning: { kept: [], dropped: [] } })).toMatch(
      /^1 trust anchor, and none/,
    );
  });
});

test("an anchor that is unknown is called by its fingerprint", () => {
  const call = namesOf([anchor({ subject: "O=X, CN=Partner Root" })]);
  expect([call("f".repeat(64)), call("ab".repeat(32))]).toEqual(["Partner Root", "abababababab"]);
});
