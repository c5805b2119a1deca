import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule } from "../testdata/check-rule.ts";
import { constraintConflict } from "./constraint-conflict.ts";

const pki = testPki();
const permitting = (...names: string[]) => ({ nameConstraints: { permitted: names.map((dns) => ({ dns })) } });

function conflicts(above: readonly string[], below: readonly string[]) {
  const root = pki.root("Root", permitting(...above));
  return checkRule(constraintConflict, [root, root.intermediate("Issuing", permitting(...below))]);
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
    [["x.a.example"], [".a.example"]],
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
});
