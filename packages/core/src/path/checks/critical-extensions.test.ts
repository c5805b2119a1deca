import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { extensionOid } from "../../certificate/extension-oid.ts";
import { encodeElement, encodeOid, encodeSequence, encodeUtf8String } from "../../der/der-writer.ts";
import { contextConstructedTag } from "../../der/tag.ts";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");
const unknown = (critical: boolean) => ({
  extraExtensions: [{ oid: "1.3.6.1.4.1.55555.1", critical, value: Uint8Array.of(5, 0) }],
});

describe("a critical extension that is not understood stops a path (RFC 5280 §6.1.4 (o), §6.1.5 (f))", () => {
  test.each([
    ["critical", true, "unknown-critical-extension at 0"],
    ["not critical", false, "accepted"],
  ])("in the client's certificate, %s", (_, critical, expected) => {
    const result = verify([root.leaf("x", unknown(critical))], [root]);
    expect(outcome(result)).toBe(expected);
  });

  test("in an intermediate and in the anchor", () => {
    expect(outcome(verify(root.intermediate("I", unknown(true)).leaf("x").chain, [root]))).toBe(
      "unknown-critical-extension at 1",
    );
    const anchor = pki.root("R", unknown(true));
    expect(outcome(verify([anchor.leaf("x")], [anchor]))).toBe("unknown-critical-extension at 1");
  });

  test("in a member or a presented certificate that the path does not use it does no harm", () => {
    const strangers = [pki.root("Other", unknown(true)), root];
    expect(outcome(verify([root.leaf("x"), root.intermediate("I", unknown(true))], strangers))).toBe("accepted");
  });

  test("the evidence is its object identifier", () => {
    const result = verify([root.leaf("x", unknown(true))], [root]);
    expect(result.verdict !== "accepted" && result.reason.actual).toBe("1.3.6.1.4.1.55555.1");
  });
});

describe("critical extensions that are understood", () => {
  test("cRLDistributionPoints, which the revocation check reads", () => {
    const name = encodeElement(0x86, new TextEncoder().encode("http://crl.test/x.crl"));
    const point = encodeSequence(
      encodeElement(contextConstructedTag(0), encodeElement(contextConstructedTag(0), name)),
    );
    const extension = { oid: extensionOid.cRLDistributionPoints, critical: true, value: encodeSequence(point) };
    expect(outcome(verify([root.leaf("x", { extraExtensions: [extension] })], [root]))).toBe("accepted");
  });

  test.each([
    ["a CPS pointer", "1.3.6.1.5.5.7.2.1", true, "accepted"],
    ["another qualifier", "1.2.3", true, "unknown-critical-extension at 0"],
    ["another qualifier, not critical", "1.2.3", false, "accepted"],
  ])("certificatePolicies with %s (§4.2.1.4)", (_, qualifier, critical, expected) => {
    const information = encodeSequence(
      encodeOid("1.3.6.1.4.1.55555.2"),
      encodeSequence(encodeSequence(encodeOid(qualifier), encodeUtf8String("x"))),
    );
    const extension = { oid: extensionOid.certificatePolicies, critical, value: encodeSequence(information) };
    expect(outcome(verify([root.leaf("x", { extraExtensions: [extension] })], [root]))).toBe(expected);
  });
});
