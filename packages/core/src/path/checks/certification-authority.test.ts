import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");

describe("an issuer is a CA (RFC 5280 §6.1.4 (k))", () => {
  test.each([
    ["cA TRUE", { basicConstraints: { cA: true } }, "accepted"],
    ["cA FALSE", { basicConstraints: { cA: false } }, "not-a-ca at 1"],
    ["no basicConstraints", { basicConstraints: undefined }, "basic-constraints-missing at 1"],
  ])("an intermediate with %s", (_, overrides, expected) => {
    expect(outcome(verify(root.intermediate("I", overrides).leaf("x").chain, [root]))).toBe(expected);
  });

  test("the anchor as well", () => {
    const anchor = pki.root("R", { basicConstraints: { cA: false } });
    expect(outcome(verify([anchor.leaf("x")], [anchor]))).toBe("not-a-ca at 1");
  });

  test("a self-signed version 1 certificate counts as a CA where it is the anchor", () => {
    const legacy = pki.root("V1", { version: 1 });
    expect(outcome(verify([legacy.leaf("x")], [legacy]))).toBe("accepted");
    const other = pki.root("Other");
    expect(outcome(verify([legacy.leaf("x"), other.crossSign(legacy)], [other]))).toBe(
      "basic-constraints-missing at 1",
    );
  });

  test("a version 1 certificate that another CA issued never does", () => {
    const legacy = root.intermediate("V1", { version: 1 });
    expect(outcome(verify([legacy.leaf("x")], [legacy]))).toBe("basic-constraints-missing at 1");
  });

  test("the client's certificate may be a CA's", () => {
    const ca = root.intermediate("CA as client", { keyUsage: ["digitalSignature", "keyCertSign"] });
    expect(outcome(verify([ca], [root]))).toBe("accepted");
  });
});

describe("an issuer with keyUsage has keyCertSign (RFC 5280 §6.1.4 (n))", () => {
  test.each([
    ["keyCertSign", { keyUsage: ["keyCertSign"] }, "accepted"],
    ["cRLSign alone", { keyUsage: ["cRLSign"] }, "key-usage-no-cert-sign at 1"],
    ["no keyUsage", { keyUsage: undefined }, "accepted"],
  ] as const)("%s", (_, overrides, expected) => {
    expect(outcome(verify(root.intermediate("I", overrides).leaf("x").chain, [root]))).toBe(expected);
  });
});

describe("pathLenConstraint (RFC 5280 §6.1.4 (l), (m))", () => {
  const pathLen = (n: number) => ({ basicConstraints: { cA: true, pathLenConstraint: n } });

  test("0 allows clients and no CA", () => {
    const limited = pki.root("Limited", pathLen(0));
    expect(outcome(verify([limited.leaf("x")], [limited]))).toBe("accepted");
    const below = limited.intermediate("Below");
    expect(outcome(verify(below.leaf("x").chain, [limited]))).toBe("path-length-exceeded at 1");
  });

  test("1 allows one CA, and the one too many is where the path stops", () => {
    const limited = pki.root("Limited", pathLen(1));
    const first = limited.intermediate("First");
    expect(outcome(verify(first.leaf("x").chain, [limited]))).toBe("accepted");
    expect(outcome(verify(first.intermediate("Second").leaf("x").chain, [limited]))).toBe("path-length-exceeded at 1");
  });

  test("a lower CA's larger value does not widen it", () => {
    const limited = pki.root("Limited", pathLen(0));
    const below = limited.intermediate("Below", pathLen(5));
    expect(outcome(verify(below.leaf("x").chain, [limited]))).toBe("path-length-exceeded at 1");
  });

  test("self-issued certificates do not count", () => {
    const limited = root.intermediate("Limited", pathLen(0));
    const renewed = limited.intermediate("Limited");
    expect(outcome(verify(renewed.leaf("x").chain, [root]))).toBe("accepted");
  });

  test("a CA in the client's place does not count", () => {
    const limited = pki.root("Limited", pathLen(0));
    const ca = limited.intermediate("CA as client", { keyUsage: ["digitalSignature"] });
    expect(outcome(verify([ca], [limited]))).toBe("accepted");
  });

  test("the caller may start with a value of his own (§6.1.2 (k))", () => {
    const chain = root.intermediate("I").leaf("x").chain;
    expect(outcome(verify(chain, [root], { maxPathLength: 1 }))).toBe("accepted");
    expect(outcome(verify(chain, [root], { maxPathLength: 0 }))).toBe("path-length-exceeded at 1");
  });
});
