import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { keyPurpose } from "../../certificate/extension-oid.ts";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");
const { any, clientAuth, serverAuth } = keyPurpose;

describe("extendedKeyUsage of the client's certificate (RFC 5280 §4.2.1.12)", () => {
  test.each([
    ["clientAuth", [clientAuth], "accepted"],
    ["clientAuth among others", [serverAuth, clientAuth], "accepted"],
    ["anyExtendedKeyUsage", [any], "accepted"],
    ["serverAuth alone", [serverAuth], "eku-not-permitted at 0"],
    ["absent", undefined, "accepted"],
  ] as const)("%s", (_, extendedKeyUsage, expected) => {
    expect(outcome(verify([root.leaf("x", { extendedKeyUsage })], [root]))).toBe(expected);
  });

  test.each([
    ["named", [clientAuth], "accepted"],
    ["any", [any], "eku-not-permitted at 0"],
    ["absent", undefined, "eku-missing at 0"],
  ] as const)("where it has to be named: %s", (_, extendedKeyUsage, expected) => {
    const chain = [root.leaf("x", { extendedKeyUsage })];
    expect(outcome(verify(chain, [root], { requireEku: true }))).toBe(expected);
  });

  test("server certificates are verified for serverAuth", () => {
    const server = root.server("a.test");
    expect(outcome(verify([server], [root], { purpose: "serverAuth" }))).toBe("accepted");
    expect(outcome(verify([server], [root]))).toBe("eku-not-permitted at 0");
    expect(outcome(verify([server], [root], { purpose: "any" }))).toBe("accepted");
  });
});

describe("extendedKeyUsage of a CA limits what it issues, as OpenSSL, Go and webpki take it", () => {
  test.each([
    ["clientAuth", [clientAuth], "accepted"],
    ["any", [any], "accepted"],
    ["serverAuth", [serverAuth], "ca-eku-not-permitted at 1"],
    ["absent", undefined, "accepted"],
  ] as const)("%s", (_, extendedKeyUsage, expected) => {
    expect(outcome(verify(root.intermediate("I", { extendedKeyUsage }).leaf("x").chain, [root]))).toBe(expected);
  });

  test("the anchor's too, and naming the purpose is asked of the client only", () => {
    const anchor = pki.root("R", { extendedKeyUsage: [serverAuth] });
    expect(outcome(verify([anchor.leaf("x")], [anchor]))).toBe("ca-eku-not-permitted at 1");
    expect(outcome(verify([root.leaf("x")], [root], { requireEku: true }))).toBe("accepted");
  });
});

describe("a client signs its handshake (RFC 5280 §4.2.1.3, RFC 8446 §4.4.3)", () => {
  test.each([
    ["digitalSignature", ["digitalSignature"], "accepted"],
    ["keyEncipherment alone", ["keyEncipherment"], "key-usage-not-permitted at 0"],
    ["no keyUsage", undefined, "accepted"],
  ] as const)("%s", (_, keyUsage, expected) => {
    expect(outcome(verify([root.leaf("x", { keyUsage })], [root]))).toBe(expected);
  });

  test("of a server nothing is asked here", () => {
    const server = root.server("a.test", { keyUsage: ["keyEncipherment"] });
    expect(outcome(verify([server], [root], { purpose: "serverAuth" }))).toBe("accepted");
  });
});
