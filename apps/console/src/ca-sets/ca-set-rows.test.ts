import type { CaSetView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import type { Order } from "../text/column-order.ts";
import { type CaSetColumn, caSetRows } from "./ca-set-rows.ts";

function set(caSetName: string, stagingVersion: number | null, createdDate = "2026-01-01T00:00:00Z"): CaSetView {
  return { caSetName, stagingVersion, productionVersion: null, createdDate } as CaSetView;
}

const sets = [set("partners", 2, "2026-03-01T00:00:00Z"), set("Devices", null), set("employees", 7)];

describe("the list of sets", () => {
  test.each<[string, Order<CaSetColumn>, readonly string[]]>([
    ["by name", { by: "name", direction: "asc" }, ["Devices", "employees", "partners"]],
    ["by name, backwards", { by: "name", direction: "desc" }, ["partners", "employees", "Devices"]],
    ["by version on staging", { by: "staging", direction: "asc" }, ["Devices", "partners", "employees"]],
    ["by date, equal ones by name", { by: "created", direction: "asc" }, ["Devices", "employees", "partners"]],
  ])("is ordered %s", (_name, order, names) => {
    expect(caSetRows(sets, "", order).map(({ caSetName }) => caSetName)).toEqual(names);
  });

  test.each([
    ["part", ["partners"]],
    [" DEV ", ["Devices"]],
    ["none", []],
  ])("is filtered by %j without regard to case", (words, names) => {
    expect(caSetRows(sets, words, { by: "name", direction: "asc" }).map(({ caSetName }) => caSetName)).toEqual(names);
  });
});
