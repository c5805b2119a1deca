import { describe, expect, test } from "vitest";
import { pathProblemFacts } from "./path-problem-facts.ts";

describe.each(Object.entries(pathProblemFacts))("the problem %s", (code, { cites, sentence, openSslError }) => {
  test("cites a document, and says in a sentence what it means", () => {
    expect(cites).toMatch(/^(?:RFC \d+|NIST SP 800-57|CVE-\d{4}-\d+)/);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  test("has the number that OpenSSL would log, where there is one", () => {
    if (code === "profile-violation") expect(openSslError).toBeUndefined();
    else expect(openSslError).toBeGreaterThan(1);
  });
});

describe("a limit that was hit", () => {
  test("is said to be no verdict", () => {
    const budgets = Object.entries(pathProblemFacts).filter(([code]) => code.startsWith("budget-"));
    expect(budgets).toHaveLength(6);
    for (const [, { sentence }] of budgets) expect(sentence).toMatch(/^No verdict: /);
  });
});
