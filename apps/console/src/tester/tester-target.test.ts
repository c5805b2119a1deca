import { describe, expect, test } from "vitest";
import { chosenTarget, readTesterSearch, targetsOf, testerTitle } from "./tester-target.ts";

const versions = [
  { version: 1, stagingStatus: "INACTIVE", productionStatus: "ACTIVE" },
  { version: 2, stagingStatus: "ACTIVE", productionStatus: "INACTIVE" },
  { version: 3, stagingStatus: "INACTIVE", productionStatus: "INACTIVE" },
] as const;
const targets = targetsOf("4", versions);

describe("what decides about a client", () => {
  test("is what runs on a network, or a version, deployed or not", () => {
    expect(targets.map(({ label }) => label)).toEqual([
      "What runs on Staging: version 2",
      "What runs on Production: version 1",
      "Version 3",
      "Version 2",
      "Version 1",
    ]);
  });

  test("is what production serves, unless the address asks for another", () => {
    expect(chosenTarget(targets, {})?.label).toBe("What runs on Production: version 1");
    expect(chosenTarget(targets, { version: 1 })?.label).toBe("Version 1");
    expect(chosenTarget(targets, { network: "STAGING" })?.label).toBe("What runs on Staging: version 2");
    expect(chosenTarget(targets, { version: 9 })?.label).toBe("What runs on Production: version 1");
  });

  test("is what staging serves when production serves nothing, and the newest version when neither does", () => {
    const [onStaging, onNeither] = [versions.slice(1), versions.slice(2)];
    expect(chosenTarget(targetsOf("4", onStaging), {})?.label).toBe("What runs on Staging: version 2");
    expect(chosenTarget(targetsOf("4", onNeither), {})?.label).toBe("Version 3");
    expect(chosenTarget([], {})).toBeUndefined();
  });

  test("is named by the title of the page", () => {
    expect(testerTitle("partners")).toBe("Try a client certificate: partners");
    expect(testerTitle(undefined)).toBe("Try a client certificate");
  });

  test.each([
    [
      { caSetId: 4, version: 2 },
      { caSetId: "4", version: 2 },
    ],
    [{ caSetId: "../x", version: "2", network: "MOON" }, {}],
    [{ network: "STAGING", other: 1 }, { network: "STAGING" }],
    [{ version: -1 }, {}],
  ])("is read from the address: %j", (search, expected) => {
    expect(readTesterSearch(search)).toEqual(expected);
  });
});
