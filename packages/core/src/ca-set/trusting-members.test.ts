import { nodeCrypto } from "@tcm/node-crypto";
import { testPki, type TestCertificate } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { trustingMembers } from "./trusting-members.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const sub = issuing.intermediate("Sub");
const other = pki.root("Other");

function through(ca: TestCertificate, members: readonly TestCertificate[], sent: readonly TestCertificate[] = []) {
  const [between, anchors] = [sent, members].map((list) => list.map(({ certificate }) => certificate));
  return trustingMembers(ca.certificate, between ?? [], anchors ?? [], nodeCrypto).map(
    ({ member, as }) => [member.fingerprint, as] as const,
  );
}

describe("a set lets in the clients of a CA", () => {
  test("through its own certificate", () => {
    expect(through(root, [other, root])).toEqual([[root.fingerprint, "itself"]]);
  });

  test("through a renewed or cross-signed certificate of it", () => {
    const [renewed, crossed] = [root.renew(), other.crossSign(root)];
    expect(through(root, [renewed])).toEqual([[renewed.fingerprint, "same-ca"]]);
    expect(through(root, [crossed])).toEqual([[crossed.fingerprint, "same-ca"]]);
  });

  test("through a CA above it, over others that are members too or that clients send", () => {
    expect(through(issuing, [other, root])).toEqual([[root.fingerprint, "above"]]);
    expect(through(sub, [root, issuing])).toEqual([
      [root.fingerprint, "above"],
      [issuing.fingerprint, "above"],
    ]);
    expect(through(sub, [root], [issuing])).toEqual([[root.fingerprint, "above"]]);
  });

  test("through whatever cross-signed it, where that certificate is at hand", () => {
    const crossed = other.crossSign(root);
    expect(through(issuing, [other], [crossed])).toEqual([[other.fingerprint, "above"]]);
  });

  test("through its key under another name", () => {
    const renamed = root.renew({ subject: { CN: "Root, renamed" } });
    expect(through(root, [renamed])).toEqual([[renamed.fingerprint, "same-key"]]);
  });
});

describe("a set lets in none of them", () => {
  test("when it has another CA, or one of its name with another key", () => {
    expect(through(root, [other, pki.root("Root"), root.forge()])).toEqual([]);
  });

  test("when what is above it is of the issuer's name, and did not sign it", () => {
    expect(through(issuing, [pki.root("Root")])).toEqual([]);
  });

  test("when only a CA below it is trusted", () => {
    expect(through(root, [issuing, sub])).toEqual([]);
  });

  test("when what stands in between is not known", () => {
    expect(through(sub, [root])).toEqual([]);
  });
});
