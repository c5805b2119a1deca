import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { Overrides } from "@tcm/testkit";
import type { ExtensionDescription } from "../../certificate/encode-extension.ts";
import { basicConstraintsExtension } from "../../certificate/encode-extension.ts";
import { extensionOid } from "../../certificate/extension-oid.ts";
import { encodeElement, encodeInteger, encodeOid, encodeSequence } from "../../der/der-writer.ts";
import { contextTag } from "../../der/tag.ts";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");
const strict = { profile: "strict" } as const;
const extra = (...extraExtensions: ExtensionDescription[]): Overrides => ({ extraExtensions });

/** A client that is fine in compat, and what strict says of it. */
function strictly(overrides: Overrides, ca = root): string {
  const chain = ca.leaf("x", overrides).chain;
  expect(outcome(verify(chain, [root]))).toBe("accepted");
  const result = verify(chain, [root], strict);
  return result.verdict === "accepted" ? "accepted" : `${result.reason.actual} (${result.reason.cites})`;
}

describe("the strict profile takes a conforming path", () => {
  test("of RSA and of elliptic curve keys", () => {
    expect(outcome(verify(root.intermediate("I", { keyType: "rsa2048" }).leaf("x").chain, [root], strict))).toBe(
      "accepted",
    );
  });

  test("with names of every form", () => {
    const subjectAltName = [
      { dns: "a.test" },
      { dns: "*.a.test" },
      { dns: "1.2.3.x4" },
      { email: "me+you@a.test" },
      { email: '"me you"@a.test' },
      { uri: "urn:x:y" },
      { ip: new Uint8Array(16) },
    ];
    expect(strictly({ subjectAltName })).toBe("accepted");
  });
});

describe("what RFC 5280 §4 asks of issuers is an error in strict alone", () => {
  test.each([
    [
      "no authority key identifier",
      { authorityKeyIdentifier: false as const },
      "profile-aki-missing (RFC 5280 §4.2.1.1)",
    ],
    ["serial number 0", { serialNumber: Uint8Array.of(0) }, "profile-serial-zero (RFC 5280 §4.1.2.2)"],
    [
      "keyCertSign without cA",
      { keyUsage: ["digitalSignature", "keyCertSign"] as const },
      "keyCertSign without cA (RFC 5280 §4.2.1.9)",
    ],
    ["an underscore in a host name", { subjectAltName: [{ dns: "a_b.test" }] }, "dNSName a_b.test (RFC 5280 §4.2.1.6)"],
    ["an address as a host name", { subjectAltName: [{ dns: "192.0.2.1" }] }, "dNSName 192.0.2.1 (RFC 5280 §4.2.1.6)"],
    ["two at signs", { subjectAltName: [{ email: "a@b@c.test" }] }, "rfc822Name a@b@c.test (RFC 5280 §4.2.1.6)"],
    ["a relative URI", { subjectAltName: [{ uri: "/x" }] }, "uniformResourceIdentifier /x (RFC 5280 §4.2.1.6)"],
    [
      "an address of three octets",
      { subjectAltName: [{ ip: Uint8Array.of(1, 2, 3) }] },
      "iPAddress 010203 (RFC 5280 §4.2.1.6)",
    ],
    [
      "name constraints in a client's certificate",
      { nameConstraints: { permitted: [{ dns: "test" }] } },
      "nameConstraints in a certificate that is no CA's (RFC 5280 §4.2.1.10)",
    ],
    [
      "a pathLenConstraint without keyCertSign",
      { basicConstraints: { cA: true, pathLenConstraint: 0 } },
      "pathLenConstraint without keyCertSign (RFC 5280 §4.2.1.9)",
    ],
    [
      "inhibitAnyPolicy that is not critical",
      extra({ oid: extensionOid.inhibitAnyPolicy, critical: false, value: encodeInteger(0) }),
      "inhibitAnyPolicy not critical (RFC 5280 §4.2.1.14)",
    ],
  ])("%s", (_, overrides, expected) => {
    expect(strictly(overrides)).toBe(expected);
  });

  test("a certificate of version 1", () => {
    expect(strictly({ version: 1 })).toBe("version 1 (RFC 5280 §4.1.2.1)");
  });

  test("a CA without keyUsage", () => {
    expect(strictly({}, root.intermediate("I", { keyUsage: undefined }))).toBe(
      "a CA without keyUsage (RFC 5280 §4.2.1.3)",
    );
  });

  test("a CA whose basicConstraints are not critical", () => {
    const ca = root.intermediate("I", extra({ ...basicConstraintsExtension({ cA: true }), critical: false }));
    expect(strictly({}, ca)).toBe("profile-basic-constraints-not-critical (RFC 5280 §4.2.1.9)");
  });
});

describe("information access (RFC 5280 §4.2.2)", () => {
  const access = (value: Uint8Array) => extra({ oid: extensionOid.authorityInfoAccess, critical: false, value });
  const description = encodeSequence(
    encodeOid("1.3.6.1.5.5.7.48.2"),
    encodeElement(contextTag(6), Uint8Array.of(0x61)),
  );

  test("well formed", () => {
    expect(strictly(access(encodeSequence(description)))).toBe("accepted");
  });

  test.each([
    ["empty", encodeSequence(), /^der-empty-sequence/],
    ["no sequence", Uint8Array.of(5, 0), /^der-unexpected-tag/],
    ["without a location", encodeSequence(encodeSequence(encodeOid("1.2.3"))), /^der-truncated/],
    [
      "with a location that is no name",
      encodeSequence(encodeSequence(encodeOid("1.2.3"), encodeInteger(1))),
      /^der-unexpected-tag/,
    ],
  ])("%s", (_, value, expected) => {
    expect(strictly(access(value))).toMatch(expected);
  });
});

describe("the anchor", () => {
  test("is held to the profile", () => {
    const anchor = pki.root("R", { keyUsage: undefined });
    expect(outcome(verify([anchor.leaf("x")], [anchor], strict))).toBe("profile-violation at 1");
  });

  test("but its serial number is nobody's business", () => {
    const anchor = pki.root("R", { serialNumber: Uint8Array.of(0) });
    expect(outcome(verify([anchor.leaf("x")], [anchor], strict))).toBe("accepted");
  });
});

describe("a finding is never the reason where a path fails otherwise", () => {
  test("the client has expired, and its anchor breaks the profile", () => {
    const anchor = pki.root("R", { keyUsage: undefined });
    expect(outcome(verify([anchor.leaf("x", { notAfter: pki.now - 1 })], [anchor], strict))).toBe("expired at 0");
  });
});
