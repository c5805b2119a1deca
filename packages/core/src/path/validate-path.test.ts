import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { outcome, verify } from "./testdata/verify.ts";

const pki = testPki();
const root = pki.root("Partner Root");
const issuing = root.intermediate("Issuing");
const client = issuing.leaf("client");

describe("every member of the set is a trust anchor", () => {
  test("a path may end at the root", () => {
    const result = verify(client.chain, [root]);
    expect(result.verdict === "accepted" && result.path.anchor).toBe(root.certificate);
    expect(result.verdict === "accepted" && result.path.certificates).toEqual(
      [client, issuing, root].map(({ certificate }) => certificate),
    );
  });

  test("or at an intermediate, whose issuer is not asked for", () => {
    const result = verify(client.chain, [issuing]);
    expect(result.verdict === "accepted" && result.path.anchor).toBe(issuing.certificate);
  });

  test("or at the client's own certificate", () => {
    expect(outcome(verify([client], [client]))).toBe("accepted");
  });

  test("the client need not send an intermediate that is a member", () => {
    expect(outcome(verify([client], [issuing, root]))).toBe("accepted");
  });

  test("with no member nothing is accepted", () => {
    expect(outcome(verify(client.chain, []))).toBe("issuer-not-found at 1");
  });
});

describe("a server that knows no partial chains", () => {
  test("ends paths at self-signed members only", () => {
    const requireSelfSigned = true;
    expect(outcome(verify(client.chain, [root], { requireSelfSigned }))).toBe("accepted");
    expect(outcome(verify([client], [issuing, root], { requireSelfSigned }))).toBe("accepted");
    expect(outcome(verify([client], [issuing], { requireSelfSigned }))).toBe("not-an-anchor at 1");
  });
});

describe("path building (RFC 4158)", () => {
  test("takes what the client sent in any order, more than once, with strangers among it", () => {
    const second = issuing.intermediate("Second");
    const leaf = second.leaf("leaf");
    const stranger = pki.root("Stranger").leaf("other");
    expect(outcome(verify([leaf, stranger, issuing, second, issuing, second], [root]))).toBe("accepted");
  });

  test("goes back and tries the next path when one fails", () => {
    const other = pki.root("Other Root");
    const expired = other.crossSign(issuing, { notAfter: pki.now - 1 });
    const result = verify([client, expired, issuing], [other, root]);
    expect(outcome(result)).toBe("accepted");
    expect(outcome(verify([client, expired], [other]))).toBe("expired at 1");
  });

  test("an authority key identifier that differs is a hint and no reason to refuse", () => {
    const leaf = issuing.leaf("odd", { authorityKeyIdentifier: Uint8Array.of(1, 2, 3) });
    expect(outcome(verify([leaf, issuing], [root]))).toBe("accepted");
  });

  test("an issuer whose key identifier fits is tried before one whose does not", () => {
    const namesake = root.intermediate("Issuing", { notAfter: pki.now + 86_400 * 3_000 });
    const result = verify([client], [namesake, issuing]);
    expect(outcome(result)).toBe("accepted");
    expect(result.attempts).toEqual([]);
  });

  test("CAs that certify each other end nowhere, and soon", () => {
    const a = pki.root("A");
    const b = pki.root("B");
    const result = verify([a.leaf("x"), a.crossSign(b), b.crossSign(a)], [root]);
    expect(outcome(result)).toBe("issuer-not-found at 2");
  });

  test("a CA under another certificate of its own name and key is not visited twice", () => {
    const renewed = issuing.renew();
    const result = verify([client, issuing, renewed], []);
    expect(result.attempts.map(({ certificates }) => certificates.length)).toEqual([2, 2]);
  });

  test("names are compared without regard to case and white space (RFC 5280 §7.1)", () => {
    const loud = pki.root("x", { subject: { CN: "PARTNER  ROOT" }, keyPair: root.keyPair });
    expect(outcome(verify(client.chain, [loud]))).toBe("accepted");
  });
});

describe("a forged CA lets nobody in", () => {
  test.each([
    ["root", root.forge().intermediate("Issuing").leaf("x")],
    ["intermediate", issuing.forge().leaf("x")],
  ])("a %s of the same name and key identifier", (_, leaf) => {
    expect(outcome(verify(leaf.chain, [root]))).toMatch(/^signature-invalid/);
  });

  test("nor does the client's word that its certificate is a CA's", () => {
    expect(outcome(verify([pki.selfSignedLeaf("self"), issuing], [root]))).toBe("issuer-not-found at 0");
  });
});

describe("what OpenSSL would log", () => {
  test.each([
    ["a self-signed certificate", [pki.selfSignedLeaf("self")], 18],
    ["an untrusted root", [client, issuing, root], 19],
    ["a missing intermediate", [client], 20],
  ] as const)("%s", (_, chain, number) => {
    const result = verify(chain, []);
    expect(result.verdict !== "accepted" && result.reason.openSslError).toBe(number);
  });

  test("the issuer that is missing is named", () => {
    const result = verify([client], [root]);
    expect(result.verdict !== "accepted" && result.reason.expected).toBe("CN=Issuing");
  });
});
