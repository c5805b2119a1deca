import { problemCatalogue } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { sourceFiles } from "./source-file.ts";

const code = sourceFiles("packages", "apps").filter(
  ({ path, isTest }) => !isTest && !path.endsWith("problem-catalogue.ts"),
);

describe("the catalogue lists the problems that the product has", () => {
  test.each(Object.keys(problemCatalogue))("%s is answered somewhere", (slug) => {
    const users = code.filter(({ text }) => text.includes(`"${slug}"`)).map(({ path }) => path);
    expect(users).not.toEqual([]);
  });
});
