import { describe, expect, test } from "vitest";
import { renderAuditVerdict } from "./audit-verdict.ts";

const head = { number: 12, hash: "ab".repeat(32) };

describe("whether the audit record is intact, for a person", () => {
  test("with the head to keep", () => {
    expect(renderAuditVerdict({ intact: true, head, faults: [] })).toBe(
      `The audit record is intact; head 12:${head.hash}.\n`,
    );
    expect(renderAuditVerdict({ intact: true, head: null, faults: [] })).toContain("no record yet");
  });

  test("and what is wrong in words, a kind of a later version too", () => {
    const kinds = ["changed", "missing", "unlinked", "rewritten", "truncated", "forged-head", "stolen"];
    const faults = kinds.map((kind, i) => ({ kind, number: i + 4 }));
    expect(renderAuditVerdict({ intact: false, head, faults }).split("\n").slice(1)).toEqual([
      "  record 4 was changed: it does not have its own hash",
      "  record 5 is missing",
      "  record 6 does not follow record 5: one of the two was put there later",
      "  record 7 is another one than a signed head says",
      "  records from 8 on were taken away: a signed head names a later one",
      "  the head of record 9 is not signed by this installation",
      "  record 10: stolen",
      'What to do: docs/operations/runbooks.md, "The audit record is not intact".',
      "",
    ]);
  });
});
