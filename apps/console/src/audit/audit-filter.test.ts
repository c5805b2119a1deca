import { describe, expect, test } from "vitest";
import { auditQuery, readAuditSearch } from "./audit-filter.ts";

describe("the filter of the audit record", () => {
  test("is read from the address, and what is no filter is left out", () => {
    const search = { by: "ann", action: "", outcome: 7, since: "2026-11-24T23:10", until: {}, other: "x" };
    expect(readAuditSearch(search)).toEqual({ by: "ann", outcome: "7", since: "2026-11-24T23:10" });
    expect(readAuditSearch({ by: "x".repeat(101) })).toEqual({});
  });

  test("takes whole minutes of the person's own time", () => {
    const {
      since = "",
      until = "",
      by,
    } = auditQuery({
      by: "ann",
      since: "2026-11-24T23:10",
      until: "2026-11-24T23:10",
    });
    expect(by).toBe("ann");
    expect(Date.parse(until) - Date.parse(since)).toBe(59_999);
    expect(since).toBe(new Date(2026, 10, 24, 23, 10).toISOString());
  });

  test("a time that is none narrows nothing", () => {
    expect(auditQuery({ since: "yesterday" })).toEqual({});
  });
});
