import { expect, test } from "vitest";
import { readVersionSearch } from "./version-views.ts";

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
