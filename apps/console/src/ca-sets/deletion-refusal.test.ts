import { ApiProblem } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { obstaclesOf } from "./deletion-refusal.ts";

const base = "/mtls-edge-truststore/v2/ca-sets/7/versions";

function refusal(code: string, contextInfo: Readonly<Record<string, unknown>>): ApiProblem {
  return new ApiProblem({ type: `/x/${code}`, title: "t", detail: "d", status: 409, instance: "/i", contextInfo });
}

describe("a deletion that is refused says by whom", () => {
  test("edge certificates that use the set", () => {
    const enrollments = [{ cn: "api.example", enrollmentId: 3, enrollmentLink: "/e/3" }];
    const associations = { enrollments, properties: [] };
    expect(obstaclesOf(refusal("ca-set-in-use-by-enrollments", { associations }))).toEqual([
      { kind: "edge-certificate", id: 3, name: "api.example" },
    ]);
  });

  test("versions that networks serve", () => {
    const facts = { stagingStatus: "INACTIVE", productionVersionLink: `${base}/12`, productionStatus: "ACTIVE" };
    expect(obstaclesOf(refusal("ca-set-cannot-be-deleted-active-versions", facts))).toEqual([
      { kind: "version", network: "PRODUCTION", version: 12 },
    ]);
  });

  test("deployments under way", () => {
    const facts = { stagingLink: `${base}/2/activations/9`, stagingStatus: "ACTIVATING" };
    expect(obstaclesOf(refusal("ca-set-cannot-be-deleted-in-progress-version-activations", facts))).toEqual([
      { kind: "deployment", network: "STAGING", version: 2, activationId: 9 },
    ]);
  });

  test.each([
    ["another refusal", refusal("ca-set-not-found", {})],
    ["facts of another form", refusal("ca-set-in-use-by-enrollments", { associations: { enrollments: [{ cn: 1 }] } })],
    ["no facts", refusal("ca-set-in-use-by-enrollments", {})],
    [
      "a link to elsewhere",
      refusal("ca-set-cannot-be-deleted-active-versions", { stagingVersionLink: "javascript:1" }),
    ],
    ["a fault", new Error("x")],
  ])("and nothing of %s", (_name, error) => {
    expect(obstaclesOf(error)).toEqual([]);
  });
});
