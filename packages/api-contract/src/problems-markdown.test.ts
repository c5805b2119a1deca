import { readFileSync } from "node:fs";
import { problemCatalogue } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { problemGuide } from "./problem-guide.ts";
import { problemsMarkdown } from "./problems-markdown.ts";

const page = new URL("../../../docs/api/problems.md", import.meta.url);

describe("docs/api/problems.md", () => {
  test("is what the catalogue, the guide and the endpoints say; node tools/docs/write-api-docs.ts writes it", () => {
    expect(readFileSync(page, "utf8")).toBe(problemsMarkdown());
  });

  test("has a section for every problem, and none that there is not", () => {
    const sections = [...problemsMarkdown().matchAll(/^## (.+)$/gm)].map(([, slug]) => slug);
    expect(new Set(sections)).toEqual(new Set(Object.keys(problemCatalogue)));
    expect(sections).toHaveLength(Object.keys(problemCatalogue).length);
  });

  test("tells of each problem what it means and what to do, in sentences", () => {
    for (const [slug, { meaning, remedy }] of Object.entries(problemGuide))
      for (const text of [meaning, remedy]) expect(text, slug).toMatch(/^[A-Z].*[.]$/);
  });
});
