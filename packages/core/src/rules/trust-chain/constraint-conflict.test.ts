import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { findingDetail } from "../../problem/finding-text.ts";
import { checkRule } from "../testdata/check-rule.ts";
import { constraintConflict } from "./constraint-conflict.ts";

const pki = testPki();
const permitting = (...names: string[]) => ({ nameConstraints: { permitted: names.map((dns) => ({ dns })) } });

/** Of the CA below. */
function conflicts(above: readonly string[], below: readonly string[]) {
  const root = pki.root("Root", permitting(...above));
  const found = checkRule(constraintConflict, [root, root.intermediate("Issuing", permitting(...below))]);
  return found.filter(({ index }) => index === 1);
}

describe("constraint-conflict: an issuer's constraints leave a CA something to issue", () => {
  test("advises on a CA under pathLenConstraint 0", () => {
    const root = pki.root("Root", { basicConstraints: { cA: true, pathLenConstraint: 0 } });
    expect(checkRule(constraintConflict, [root, root.intermediate("Issuing")])).toEqual([
      {
        index: 1,
        evidence: {
          issuer: "CN=Root",
          issuerFingerprint: root.fingerprint,
          constraint: "pathLenConstraint",
          actual: 0,
        },
      },
    ]);
  });

  test("passes pathLenConstraint 1, and a self-issued CA, which does not count (RFC 5280 §6.1.4 (l))", () => {
    const root = pki.root("Root", { basicConstraints: { cA: true, pathLenConstraint: 1 } });
    expect(checkRule(constraintConflict, [root, root.intermediate("Issuing")])).toEqual([]);
    const zero = pki.root("Root", { basicConstraints: { cA: true, pathLenConstraint: 0 } });
    expect(checkRule(constraintConflict, [zero, zero.intermediate("Root")])).toEqual([]);
  });

  test.each([
    ["a.example", "b.example"],
    ["a.example", "xa.example"],
    [".a.example", "b.example"],
  ])("advises on permitted names without anything in common: %s, %s", (above, below) => {
    expect(conflicts([above], [below])).toMatchObject([{ index: 1, evidence: { constraint: "nameConstraints" } }]);
  });

  test.each([
    [["a.example"], ["a.example"]],
    [["a.example"], ["A.EXAMPLE"]],
    [["a.example"], ["x.a.example"]],
    [["x.a.example"], ["a.example"]],
    [[".a.example"], ["x.a.example"]],
    [
      ["b.example", "a.example"],
      ["c.example", "a.example"],
    ],
    [[""], ["a.example"]],
  ])("passes permitted names that meet: %j, %j", (above, below) => expect(conflicts(above, below)).toEqual([]));

  test("one issuer without conflict is enough", () => {
    const strict = pki.root("Strict", { basicConstraints: { cA: true, pathLenConstraint: 0 } });
    const issuing = strict.intermediate("Issuing");
    const renewed = strict.renew({ basicConstraints: { cA: true } });
    expect(checkRule(constraintConflict, [strict, issuing])).toHaveLength(1);
    expect(checkRule(constraintConflict, [strict, renewed, issuing])).toEqual([]);
  });

  test("does not apply without an issuer in the set, nor where one side constrains nothing", () => {
    const root = pki.root("Root", permitting("a.example"));
    expect(checkRule(constraintConflict, [root.intermediate("Issuing", permitting("b.example"))])).toEqual([]);
    expect(checkRule(constraintConflict, [root, root.intermediate("Issuing")])).toEqual([]);
  });

  test.each([
    ["a DNS name with a leading dot", { permitted: [{ dns: ".a.example" }] }, ["dNSName:.a.example"]],
    [
      "the entries at fault alone",
      { permitted: [{ dns: "a.example" }], excluded: [{ ip: Uint8Array.of(10, 0, 0, 0, 255, 0, 255, 0) }] },
      ["iPAddress:10.0.0.0/255.0.255.0"],
    ],
  ])("advises on a CA whose own constraints turn everybody down: %s", (_, nameConstraints, unintelligible) => {
    const root = pki.root("Root", { nameConstraints });
    expect(checkRule(constraintConflict, [root])).toEqual([
      { index: 0, evidence: { constraint: "nameConstraints", unintelligible } },
    ]);
  });

  test("says which entries, and what to ask the CA for", () => {
    const [found] = checkRule(constraintConflict, [pki.root("Root", permitting(".a.example"))]);
    expect(findingDetail({ code: "constraint-conflict", evidence: found?.evidence ?? {} })).toContain(
      '["dNSName:.a.example"]',
    );
  });
});
