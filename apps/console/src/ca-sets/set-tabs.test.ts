import { expect, test } from "vitest";
import { setPageTitle } from "./set-tabs.ts";

test("the title of a set names the tab, but for the first, which is the set itself", () => {
  expect(setPageTitle("Partners.EU", "versions")).toBe("Partners.EU");
  expect(setPageTitle("Partners.EU", "associations")).toBe("Partners.EU: associations");
});
