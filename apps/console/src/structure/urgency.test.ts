import { expect, test } from "vitest";
import { urgencyOf } from "./urgency.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

test.each([
  ["2026-11-24T12:00:00Z", "expired"],
  ["2026-11-24T12:00:01Z", "soon"],
  ["2026-12-24T12:00:00Z", "soon"],
  ["2026-12-25T12:00:00Z", "near"],
  ["2027-02-22T12:00:00Z", "near"],
  ["2027-02-23T12:00:00Z", "later"],
] as const)("a certificate that ends %s is %s", (endDate, urgency) => {
  expect(urgencyOf(endDate, now)).toBe(urgency);
});
