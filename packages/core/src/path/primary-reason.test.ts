import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { outcome, verify } from "./testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");

describe("the primary reason is that of the path which tells best", () => {
  test("a path that reached an anchor before one that did not, however long", () => {
    const expired = issuing.renew({ notAfter: pki.now - 1 });
    const far = pki.root("Far").intermediate("Between").crossSign(issuing);
    const result = verify([issuing.leaf("x"), far, ...(far.issuer?.chain ?? [])], [expired]);
    expect(outcome(result)).toBe("expired at 1");
    expect(result.attempts).toHaveLength(2);
  });

  test("the CA that signed before its namesake that did not", () => {
    const namesake = pki.root("Root");
    const expired = root.renew({ notAfter: pki.now - 1, subjectKeyIdentifier: false });
    const leaf = root.leaf("x", { authorityKeyIdentifier: false });
    expect(outcome(verify([leaf], [namesake, expired]))).toBe("expired at 1");
  });

  test("the CA whose key identifier fits before a namesake whose does not", () => {
    const namesake = pki.root("Root", { notAfter: pki.now - 1 });
    const expired = root.renew({ notAfter: pki.now - 2 });
    const result = verify([root.leaf("x")], [namesake, expired]);
    expect(result.verdict !== "accepted" && result.reason.certificate).toBe(expired.certificate);
  });

  test("the longer of two paths without an anchor", () => {
    const between = root.intermediate("Between");
    const result = verify([issuing.leaf("x"), between.crossSign(issuing), issuing, between], []);
    expect(outcome(result)).toBe("issuer-not-found at 2");
  });
});
