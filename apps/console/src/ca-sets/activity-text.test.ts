import { expect, test } from "vitest";
import { activityRows, activityText } from "./activity-text.ts";
import { isSetTab, readSetsSearch } from "./set-tabs.ts";

test.each([
  ["CREATE_CA_SET", null, null, "created the set"],
  ["CREATE_CA_SET_VERSION", 3, null, "created version 3"],
  ["ACTIVATE_CA_SET_VERSION", 3, "STAGING", "began to deploy version 3 on staging"],
  ["DEACTIVATE_CA_SET_VERSION", 3, "PRODUCTION", "began to withdraw version 3 on production"],
  ["DELETE_CA_SET", null, "PRODUCTION", "deleted the set on production"],
  ["OF_A_NEWER_SERVER", 3, "STAGING", "of a newer server: version 3 on staging"],
] as const)("%s is told", (type, version, network, text) => {
  expect(activityText(type, version, network)).toBe(text);
});

test.each([
  ["VERSION 3", 1],
  ["grace", 1],
  ["", 2],
  ["nothing", 0],
])("records are found by %j", (words, count) => {
  const record = { network: null, activityDate: "2026-01-01T00:00:00Z" };
  const activities = [
    { ...record, type: "CREATE_CA_SET", version: null, activityBy: "grace" },
    { ...record, type: "CREATE_CA_SET_VERSION", version: 3, activityBy: "ada" },
  ];
  expect(activityRows(activities, words)).toHaveLength(count);
});

test("addresses are read, and what they do not say is left out", () => {
  expect(["expiry", "nothing", 1].map(isSetTab)).toEqual([true, false, false]);
  expect([readSetsSearch({ show: "deleted" }), readSetsSearch({ show: "all" })]).toEqual([{ show: "deleted" }, {}]);
});
