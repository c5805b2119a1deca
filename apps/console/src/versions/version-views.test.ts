import { expect, test } from "vitest";
import { readVersionSearch, versionPageTitle } from "./version-views.ts";

const certificate = "ab".repeat(32);

test.each([
  [{}, {}],
  [
    { view: "structure", certificate },
    { view: "structure", certificate },
  ],
  [{ view: "nothing", certificate: "javascript:alert(1)" }, {}],
  [{ view: 1, certificate: 2 }, {}],
])("the address %j is read as %j", (search, read) => {
  expect(readVersionSearch(search)).toEqual(read);
});

test("the title of a version names the part that is shown, but for the first, which is the version itself", () => {
  expect(versionPageTitle("partners version 2", "certificates")).toBe("partners version 2");
  expect(versionPageTitle("partners version 2", "structure")).toBe("partners version 2: chain graph");
});
