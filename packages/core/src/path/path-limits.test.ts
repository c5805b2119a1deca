import { type TestAuthority, type TestCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { type PathLimits, edgePathLimits, pathLimits } from "./path-limits.ts";
import { now, outcome, verify } from "./testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");

function withLimits(
  chain: readonly TestCertificate[],
  anchors: readonly TestCertificate[],
  limits: Partial<PathLimits>,
) {
  return verify(chain, anchors, { limits: { ...pathLimits, ...limits } });
}

describe("a limit that is hit leaves the verdict open", () => {
  const issuing = root.intermediate("Issuing");
  const chain = issuing.leaf("client").chain;

  test("signatures: two are needed here", () => {
    expect(outcome(withLimits(chain, [root], { signatures: 2 }))).toBe("accepted");
    const result = withLimits(chain, [root], { signatures: 1 });
    expect([result.verdict, outcome(result)]).toEqual(["undetermined", "budget-signatures at 0"]);
    expect(result.verdict !== "accepted" && result.reason.expected).toBe("at most 1");
  });

  test.each([
    ["p256", 1],
    ["p384", 10],
    ["p521", 25],
    ["ed25519", 2],
    ["rsa2048", 1],
  ] as const)("cost: a signature of %s counts as %i", (keyType, cost) => {
    const anchor = pki.root("Costly", { keyType });
    const leaf = anchor.leaf("client");
    expect(outcome(withLimits([leaf], [anchor], { cost }))).toBe("accepted");
    expect(outcome(withLimits([leaf], [anchor], { cost: cost - 1 }))).toBe("budget-cost at 0");
  });

  test("steps: every candidate counts, not every path", () => {
    expect(outcome(withLimits(chain, [root], { steps: 2 }))).toBe("accepted");
    expect(outcome(withLimits(chain, [root], { steps: 1 }))).toBe("budget-steps at 0");
  });

  test("depth: three certificates are the path here", () => {
    expect(outcome(withLimits(chain, [root], { depth: 3 }))).toBe("accepted");
    const result = withLimits(chain, [root], { depth: 2 });
    expect([result.verdict, outcome(result)]).toEqual(["undetermined", "budget-path-length at 0"]);
  });

  test("name comparisons: two names under three subtrees of their form are six", () => {
    const constrained = root.intermediate("Constrained", {
      nameConstraints: { permitted: [{ dns: "a.test" }, { dns: "b.test" }, { dns: "c.test" }, { email: "a.test" }] },
    });
    const leaf = constrained.leaf("client", { subjectAltName: [{ dns: "x.a.test" }, { dns: "x.c.test" }] });
    expect(outcome(withLimits(leaf.chain, [root], { nameComparisons: 6 }))).toBe("accepted");
    expect(outcome(withLimits(leaf.chain, [root], { nameComparisons: 5 }))).toBe("budget-name-constraints at 0");
  });

  test("presented certificates and their bytes", () => {
    const bytes = chain.reduce((sum, { der }) => sum + der.length, 0);
    expect(outcome(withLimits(chain, [root], { presented: 2, presentedBytes: bytes }))).toBe("accepted");
    expect(outcome(withLimits(chain, [root], { presented: 1 }))).toBe("budget-presented at 0");
    expect(outcome(withLimits(chain, [root], { presentedBytes: bytes - 1 }))).toBe("budget-presented at 0");
  });

  test("a path found before the limit is accepted all the same", () => {
    const long = [1, 2, 3, 4].reduce<TestAuthority>((ca, i) => ca.intermediate(`Deep ${i}`), pki.root("Far"));
    const presented = [issuing.leaf("client"), long.crossSign(issuing), ...long.chain, issuing];
    const result = withLimits(presented, [root], { depth: 4 });
    expect(outcome(result)).toBe("accepted");
  });
});

describe("hostile chains cost little", () => {
  test("forty CAs of one name and forty keys end with a step or signature limit", () => {
    const cas = Array.from({ length: 40 }, () => pki.root("Same"));
    const chain = [(cas[0] as TestAuthority).leaf("x"), ...cas];
    const result = verify(chain, [root], { limits: edgePathLimits });
    expect(outcome(result)).toBe("budget-presented at 0");
    const searched = verify(chain, [root]);
    expect(searched.verdict === "accepted" || searched.attempts.length).toBeLessThanOrEqual(64);
  });

  test("a mesh of cross-signed CAs is given up after the steps that are allowed", () => {
    const cas = Array.from({ length: 7 }, (_, i) => pki.root(`Mesh ${i}`));
    const mesh = cas.flatMap((a) => cas.flatMap((b) => (a === b ? [] : [a.crossSign(b)])));
    const result = verify([(cas[0] as TestAuthority).leaf("x"), ...mesh], [root], { time: now });
    expect(result.verdict).toBe("undetermined");
    expect(result.attempts).toHaveLength(64);
  });
});

describe("the limits are those of their sources", () => {
  test("offline", () => {
    expect(pathLimits).toEqual({
      signatures: 100,
      cost: 400,
      steps: 5_000,
      nameComparisons: 50_000,
      depth: 8,
      presented: 64,
      presentedBytes: 131_072,
    });
  });

  test("at the edge, for anybody who connects", () => {
    const few = { signatures: 20, cost: 100, steps: 500, presented: 10, presentedBytes: 32_768 };
    expect(edgePathLimits).toEqual({ ...pathLimits, ...few });
  });
});
