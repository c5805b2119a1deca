import type { GeneralNameDescription } from "../../certificate/encode-name.ts";
import type { NameConstraintsDescription } from "../../certificate/encode-extension.ts";
import { nameConstraintsExtension } from "../../certificate/encode-extension.ts";
import { extensionOid } from "../../certificate/extension-oid.ts";
import { encodeAsciiString, encodeElement, encodeOid, encodeSequence, encodeUtf8String } from "../../der/der-writer.ts";
import { contextConstructedTag, contextTag } from "../../der/tag.ts";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");
const permit = (...permitted: GeneralNameDescription[]): NameConstraintsDescription => ({ permitted });
const exclude = (...excluded: GeneralNameDescription[]): NameConstraintsDescription => ({ excluded });
const ip = (...octets: number[]) => ({ ip: Uint8Array.from(octets) });

function under(constraints: NameConstraintsDescription, ...names: GeneralNameDescription[]): string {
  const ca = root.intermediate("Constrained", { nameConstraints: constraints });
  const leaf = ca.leaf("x", { subject: {}, subjectAltName: names });
  return outcome(verify(leaf.chain, [root]));
}

const ok = "accepted";
const outside = "nc-not-permitted at 0";
const excluded = "nc-excluded at 0";
const unparseable = "nc-unparseable-name at 0";

describe("DNS names (RFC 5280 §4.2.1.10)", () => {
  test.each([
    ["the host itself", permit({ dns: "a.test" }), "a.test", ok],
    ["below it", permit({ dns: "a.test" }), "x.y.a.test", ok],
    ["in other letters", permit({ dns: "A.TEST" }), "X.a.Test", ok],
    ["a name that only ends alike", permit({ dns: "a.test" }), "xa.test", outside],
    ["another", permit({ dns: "a.test" }), "b.test", outside],
    ["the empty base", permit({ dns: "" }), "b.test", ok],
    ["excluded", exclude({ dns: "a.test" }), "x.a.test", excluded],
    ["not excluded", exclude({ dns: "a.test" }), "b.test", ok],
    ["a wildcard below", permit({ dns: "a.test" }), "*.a.test", ok],
    ["a wildcard that reaches out", permit({ dns: "x.a.test" }), "*.a.test", outside],
    ["a wildcard that covers an excluded name (CVE-2025-61727)", exclude({ dns: "x.a.test" }), "*.a.test", excluded],
    ["a wildcard beside it", exclude({ dns: "x.y.a.test" }), "*.a.test", ok],
    ["no host name", permit({ dns: "a.test" }), "not a host", unparseable],
    ["no host name under an exclusion", exclude({ dns: "a.test" }), "", unparseable],
  ])("%s", (_, constraints, dns, expected) => {
    expect(under(constraints, { dns })).toBe(expected);
  });

  test("a base with a leading dot is none", () => {
    expect(under(permit({ dns: ".a.test" }), { dns: "x.a.test" })).toBe("nc-malformed at 1");
  });
});

describe("IP addresses", () => {
  const v4 = permit(ip(192, 0, 2, 0, 255, 255, 255, 128));
  test.each([
    ["inside", v4, ip(192, 0, 2, 127), ok],
    ["the first outside", v4, ip(192, 0, 2, 128), outside],
    ["excluded", exclude(ip(192, 0, 2, 0, 255, 255, 255, 0)), ip(192, 0, 2, 9), excluded],
    ["of the other family", v4, { ip: new Uint8Array(16) }, outside],
    ["a range in place of an address", v4, ip(192, 0, 2, 0, 255, 255, 255, 0), unparseable],
  ])("%s", (_, constraints, name, expected) => {
    expect(under(constraints, name)).toBe(expected);
  });

  test.each([
    ["with holes", ip(192, 0, 2, 0, 255, 0, 255, 0)],
    ["without a mask", ip(192, 0, 2, 0)],
  ])("a mask %s says nothing", (_, base) => {
    expect(under(permit(base), ip(192, 0, 2, 1))).toBe("nc-malformed at 1");
  });
});

describe("e-mail addresses", () => {
  test.each([
    ["of the host", permit({ email: "a.test" }), "me@A.test", ok],
    ["of a subdomain is not of the host", permit({ email: "a.test" }), "me@x.a.test", outside],
    ["of a subdomain", permit({ email: ".a.test" }), "me@x.a.test", ok],
    ["of the host is not of a subdomain", permit({ email: ".a.test" }), "me@a.test", outside],
    ["the mailbox itself", permit({ email: "me@a.test" }), "me@a.test", ok],
    ["the local part compares exactly", permit({ email: "me@a.test" }), "ME@a.test", outside],
    ["an asterisk is a character", permit({ email: "*@a.test" }), "me@a.test", outside],
    ["excluded", exclude({ email: "a.test" }), "me@a.test", excluded],
    ["with two at signs", permit({ email: "a.test" }), "me@b.test@a.test", unparseable],
    ["without any", permit({ email: "a.test" }), "a.test", unparseable],
  ])("%s", (_, constraints, email, expected) => {
    expect(under(constraints, { email })).toBe(expected);
  });

  test("in the subject count where there is no subjectAltName", () => {
    const ca = root.intermediate("C", { nameConstraints: permit({ email: "a.test" }) });
    const subject = { CN: "x", emailAddress: "me@b.test" };
    expect(outcome(verify(ca.leaf("x", { subject }).chain, [root]))).toBe(outside);
    const named = ca.leaf("x", { subject, subjectAltName: [{ dns: "b.test" }] });
    expect(outcome(verify(named.chain, [root]))).toBe(ok);
  });

  test.each(["a@b@c.test", "@a.test", "."])("the base %s is none", (email) => {
    expect(under(permit({ email }), { email: "me@a.test" })).toBe("nc-malformed at 1");
  });
});

describe("mailboxes outside ASCII are held to the constraints on e-mail (RFC 9598 §6)", () => {
  const other = (type: string, ...value: Uint8Array[]) =>
    encodeElement(contextConstructedTag(0), encodeOid(type), encodeElement(contextConstructedTag(0), ...value));
  const mailbox = (text: string) => other("1.3.6.1.5.5.7.8.9", encodeUtf8String(text));
  const otherForm = "1.3.6.1.4.1.311.20.2.3";

  test.each([
    ["at the host", permit({ email: "a.test" }), mailbox("müller@A.test"), ok],
    ["at another", permit({ email: "a.test" }), mailbox("müller@b.test"), outside],
    ["below", permit({ email: ".a.test" }), mailbox("müller@x.a.test"), ok],
    ["at an excluded host", exclude({ email: "b.test" }), mailbox("müller@b.test"), excluded],
    ["at a host that is not in ASCII", exclude({ email: "b.test" }), mailbox("me@bücher.test"), unparseable],
    ["that is no mailbox", permit({ email: "a.test" }), mailbox("a.test"), unparseable],
    ["of another type", exclude({ email: "b.test" }), other("1.3.6.1.5.5.7.8.9", encodeOid("1.2.3")), unparseable],
    ["not constrained", permit({ dns: "a.test" }), mailbox("müller@b.test"), ok],
    ["which is another form of name", permit({ email: "a.test" }), other(otherForm, encodeUtf8String("x")), ok],
  ])("%s", (_, nameConstraints, name, expected) => {
    const ca = root.intermediate("Constrained", { nameConstraints });
    const value = encodeSequence(name);
    const leaf = ca.leaf("x", { extraExtensions: [{ oid: extensionOid.subjectAltName, critical: false, value }] });
    expect(outcome(verify(leaf.chain, [root]))).toBe(expected);
  });
});

describe("URIs are compared by their host", () => {
  test.each([
    ["the host", permit({ uri: "a.test" }), "https://me@A.test:8443/x?y#z", ok],
    ["below it is another host", permit({ uri: "a.test" }), "https://x.a.test/", outside],
    ["below", permit({ uri: ".a.test" }), "https://x.a.test", ok],
    ["excluded", exclude({ uri: "a.test" }), "ldap://a.test/", excluded],
    ["without a host", permit({ uri: "a.test" }), "urn:a.test", unparseable],
    ["with an address for a host", permit({ uri: "a.test" }), "https://192.0.2.1/", unparseable],
  ])("%s", (_, constraints, uri, expected) => {
    expect(under(constraints, { uri })).toBe(expected);
  });
});

describe("directory names", () => {
  const directoryName = { O: "Partner" };
  const ca = (constraints: NameConstraintsDescription) => root.intermediate("C", { nameConstraints: constraints });

  test.each([
    ["the subject inside", permit({ directoryName }), { O: "PARTNER", CN: "x" }, ok],
    ["the subject outside", permit({ directoryName }), { O: "Partners", CN: "x" }, outside],
    ["the subject excluded", exclude({ directoryName }), { O: "Partner", CN: "x" }, excluded],
    ["an empty subject is no name", permit({ directoryName }), {}, ok],
  ])("%s", (_, constraints, subject, expected) => {
    const leaf = ca(constraints).leaf("x", { subject, subjectAltName: [{ dns: "a.test" }] });
    expect(outcome(verify(leaf.chain, [root]))).toBe(expected);
  });

  test("one in subjectAltName counts as well", () => {
    expect(under(permit({ directoryName }), { directoryName: { O: "Other" } })).toBe(outside);
  });
});

describe("how constraints add up (RFC 5280 §6.1.4 (g))", () => {
  test("a form that is not constrained is free", () => {
    expect(under(permit({ dns: "a.test" }), { email: "me@b.test" })).toBe(ok);
  });

  test("every name has to fit", () => {
    expect(under(permit({ dns: "a.test" }), { dns: "a.test" }, { dns: "b.test" })).toBe(outside);
  });

  test("exclusion goes before permission", () => {
    expect(under({ ...permit({ dns: "a.test" }), ...exclude({ dns: "x.a.test" }) }, { dns: "x.a.test" })).toBe(
      excluded,
    );
  });

  test("a lower CA cannot widen what a higher one permits", () => {
    const upper = root.intermediate("Upper", { nameConstraints: permit({ dns: "a.test" }) });
    const lower = upper.intermediate("Lower", { nameConstraints: permit({ dns: "test" }) });
    const leaf = lower.leaf("x", { subjectAltName: [{ dns: "b.test" }] });
    expect(outcome(verify(leaf.chain, [root]))).toBe(outside);
  });

  test("intermediate CAs are held to them, self-issued ones and the CA itself are not", () => {
    const upper = root.intermediate("Upper", { nameConstraints: permit({ directoryName: { O: "Partner" } }) });
    const inside = { subject: { O: "Partner", CN: "x" } };
    expect(outcome(verify(upper.intermediate("Elsewhere").leaf("x", inside).chain, [root]))).toBe(
      "nc-not-permitted at 1",
    );
    expect(outcome(verify(upper.intermediate("Upper").leaf("x", inside).chain, [root]))).toBe(ok);
  });

  test("a self-issued client is", () => {
    const ca = root.intermediate("Same", { nameConstraints: permit({ dns: "a.test" }) });
    const leaf = ca.leaf("Same", { subjectAltName: [{ dns: "b.test" }] });
    expect(outcome(verify(leaf.chain, [root]))).toBe(outside);
  });

  test("an anchor's count as well", () => {
    const anchor = pki.root("R", { nameConstraints: permit({ dns: "a.test" }) });
    const leaf = anchor.leaf("x", { subjectAltName: [{ dns: "b.test" }] });
    expect(outcome(verify([leaf], [anchor]))).toBe(outside);
  });
});

describe("what cannot be understood refuses", () => {
  const otherName = encodeElement(
    contextConstructedTag(0),
    encodeOid("1.2.3"),
    encodeElement(contextConstructedTag(0), encodeAsciiString("x", 0x16)),
  );
  const subtree = (...parts: Uint8Array[]) =>
    encodeSequence(encodeElement(contextConstructedTag(0), encodeSequence(...parts)));
  const constrained = (value: Uint8Array) =>
    root.intermediate("C", { extraExtensions: [{ ...nameConstraintsExtension({}), value }] });

  test("a constrained form that is not supported, but only where a name of it appears", () => {
    const ca = constrained(subtree(otherName));
    const san = { oid: extensionOid.subjectAltName, critical: false, value: encodeSequence(otherName) };
    expect(outcome(verify(ca.leaf("x", { extraExtensions: [san] }).chain, [root]))).toBe("nc-unsupported-form at 0");
    expect(outcome(verify(ca.leaf("x").chain, [root]))).toBe(ok);
  });

  test("a minimum above 0, or a maximum", () => {
    const dns = encodeAsciiString("a.test", contextTag(2));
    for (const distance of [
      encodeElement(contextTag(0), Uint8Array.of(1)),
      encodeElement(contextTag(1), Uint8Array.of(3)),
    ])
      expect(outcome(verify(constrained(subtree(dns, distance)).leaf("x").chain, [root]))).toBe("nc-malformed at 1");
  });
});
