import type { VersionView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import type { Order } from "../text/column-order.ts";
import { type VersionColumn, versionRows } from "./version-rows.ts";

function version(number: number, change: Partial<VersionView> = {}): VersionView {
  const created = { createdDate: `2026-01-0${number % 9}T00:00:00Z`, createdBy: "ada" };
  const off = { stagingStatus: "INACTIVE", productionStatus: "INACTIVE", description: null } as const;
  return { version: number, ...created, ...off, ...change } as VersionView;
}

const versions = [
  version(1, { productionStatus: "ACTIVE" }),
  version(2, { description: "rotate the partner root", createdBy: "grace" }),
  version(13, { stagingStatus: "ACTIVE", description: "new devices" }),
];

describe("the versions of a set", () => {
  test.each<[Order<VersionColumn>, readonly number[]]>([
    [{ by: "version", direction: "desc" }, [13, 2, 1]],
    [{ by: "description", direction: "asc" }, [1, 13, 2]],
    [{ by: "runs", direction: "desc" }, [1, 13, 2]],
    [{ by: "created", direction: "asc" }, [1, 2, 13]],
  ])("are ordered by %j", (order, numbers) => {
    expect(versionRows(versions, "", order).map((one) => one.version)).toEqual(numbers);
  });

  test.each([
    ["1", [1]],
    ["v13", [13]],
    ["Version 2", [2]],
    ["ROTATE", [2]],
    [" grace ", [2]],
    ["nothing", []],
  ])("are found by %j", (words, numbers) => {
    const found = versionRows(versions, words, { by: "version", direction: "asc" });
    expect(found.map((one) => one.version)).toEqual(numbers);
  });
});
