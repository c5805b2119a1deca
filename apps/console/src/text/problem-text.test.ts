import { ApiProblem, NoAnswer, problemGuide, problemTypePrefix } from "@tcm/api-contract";
import { findingDetail, type FindingCode, findingTitle, type ProblemSlug, problemCatalogue } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { problemText } from "./problem-text.ts";
import { remedyText } from "./remedy-text.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const slugs = Object.keys(problemCatalogue) as readonly ProblemSlug[];

/** What goes with each problem that has facts which a person is told. */
const evidence: Readonly<Partial<Record<ProblemSlug, Readonly<Record<string, unknown>>>>> = {
  forbidden: { permission: "deploy-production", role: "editor", rolesAllowed: ["deployer", "admin"] },
  "ca-set-not-on-both-networks": { missingNetworks: ["PRODUCTION"] },
  "sign-in-limit-reached": { retryAfter: "2026-11-24T12:09:30.000Z" },
  "internal-error": { requestId: "0123456789abcdef" },
};

function problem(slug: ProblemSlug, more: object = {}): ApiProblem {
  const { status, title } = problemCatalogue[slug];
  const type = problemTypePrefix + slug;
  return new ApiProblem({ type, title, detail: "It was so.", status, instance: `${type}/0123456789abcdef`, ...more });
}

/** Words of those who send requests; nobody in front of a page does. */
const machineWords =
  /`|contextInfo|\berrors\b|query|ETag|Retry-After|If-Match|header|Content-Type|JSON|undefined|NaN|\[object/;

describe("every problem of the catalogue is told in human words, with its code", () => {
  test.each(slugs)("%s", (slug) => {
    const contextInfo = evidence[slug];
    const text = problemText(problem(slug, contextInfo && { contextInfo }), now);
    expect(text).toMatchObject({ title: problemCatalogue[slug].title, detail: "It was so.", code: slug });
    expect(text.remedy).toMatch(/^[A-Z].*\.$/);
    expect(text.remedy).not.toMatch(machineWords);
    expect(text.page).toBe(`/mtls-edge-truststore/error-types/${slug}`);
  });

  test.each([
    ["forbidden", "Ask somebody who may: deployer, admin."],
    ["ca-set-not-on-both-networks", "Deploy a version of the set to Production first."],
    ["sign-in-limit-reached", expect.stringContaining("Try again in 10 minutes")],
    ["internal-error", expect.stringContaining("request 0123456789abcdef")],
    ["certificate-limit-reached", problemGuide["certificate-limit-reached"].remedy],
  ] as const)("%s says what its facts say", (slug, words) => {
    const contextInfo = evidence[slug as ProblemSlug];
    expect(problemText(problem(slug, contextInfo && { contextInfo }), now).remedy).toEqual(words);
  });

  test("says once how long to wait", () => {
    const detail = "Too many sign-ins were refused. Try again after 2026-11-24T12:09:30.000Z.";
    const contextInfo = evidence["sign-in-limit-reached"];
    const text = problemText(problem("sign-in-limit-reached", { detail, contextInfo }), now);
    expect(text.detail).toBe("Too many sign-ins were refused.");
  });

  test("says when a limit of requests ends", () => {
    const { remedy } = problemText(problem("rate-limit-exceeded", { rateLimitNext: "2026-11-24T12:00:20Z" }), now);
    expect(remedy).toBe("Try again in 20 seconds.");
  });

  test.each(slugs)("%s says something to do without its facts, as from an older server", (slug) => {
    const remedy = remedyText(slug, {}, now);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
    expect(remedy).not.toMatch(machineWords);
  });

  test("a problem of a newer server keeps its own words, and links to no page", () => {
    const body = {
      type: `${problemTypePrefix}from-the-future`,
      title: "New",
      detail: "So.",
      status: 409,
      instance: "/i",
    };
    expect(problemText(new ApiProblem(body), now)).toEqual({
      title: "New",
      detail: "So.",
      remedy: undefined,
      code: "from-the-future",
      page: undefined,
      items: [],
    });
  });
});

describe("every finding of the rules is told as an item, with its code", () => {
  const codes: readonly FindingCode[] = [
    "malformed-certificate",
    "unexpected-pem-block",
    "several-certificates",
    "not-a-ca-certificate",
    "legacy-v1-root",
    "key-usage-not-cert-sign",
    "expired-certificate",
    "not-yet-valid-certificate",
    "expiring-certificate",
    "insecure-signature-algorithm",
    "weak-key",
    "duplicate-certificate",
    "same-common-name",
    "issuer-not-in-set",
    "broken-chain",
    "constraint-conflict",
    "ca-list-too-large",
    "certificate-limit-reached",
    "profile-serial-zero",
  ];
  const facts = { expiryDate: "2026-01-02T03:04:05.000Z", startDate: "2027-01-02T03:04:05.000Z", issuer: "CN=Root" };

  test.each(codes)("%s", (code) => {
    const detail = findingDetail({ code, evidence: facts });
    const item = { type: problemTypePrefix + code, title: findingTitle(code), detail, pointer: "/certificates/0" };
    const { items } = problemText(problem("certificate-validation-failure", { errors: [item] }), now);
    expect(items).toMatchObject([{ code, pointer: "/certificates/0" }]);
    expect(items[0]?.detail).toMatch(/^[A-Z].*\.$/);
    expect(items[0]?.detail).not.toMatch(/\dT\d\d:|undefined|\[object/);
  });
});

describe("what is no answer is told with what to do", () => {
  test.each([
    [new NoAnswer("unreachable", "Nobody."), "The server does not answer"],
    [new NoAnswer("timeout", "Late."), "The server did not answer in time"],
    [new NoAnswer("foreign", "Odd."), "The answer is not one of this server"],
    [new TypeError("x is undefined"), "The page has a fault"],
    ["text", "The page has a fault"],
  ])("%s", (error, title) => {
    expect(problemText(error, now)).toMatchObject({ title, code: undefined, page: undefined });
    expect(problemText(error, now).remedy).toMatch(/^[A-Z].*\.$/);
  });
});
