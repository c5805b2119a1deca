import { type TestAuthority, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { CertificateRevocationList } from "../../crl/certificate-revocation-list.ts";
import { distributionPoint, hardFail, mintCrl, scope, softFail } from "../../crl/testdata/mint-crl.ts";
import { pathLimits } from "../path-limits.ts";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const now = pki.now;
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const client = issuing.leaf("client");
const chain = client.chain;
const rootCrl = mintCrl(root);
const keyCompromise = 1;
const removeFromCrl = 8;

/** What the client's status is by lists of its issuer, the issuer itself being in good standing. */
function withLists(...crls: readonly CertificateRevocationList[]): string {
  return outcome(verify(chain, [root], hardFail(rootCrl, ...crls)));
}

describe("revocation by lists at hand (RFC 5280 §6.3)", () => {
  test("is not looked at unless it is asked for", () => {
    expect(outcome(verify(chain, [root]))).toBe("accepted");
  });

  test("a certificate that its issuer's list does not name is good", () => {
    expect(withLists(mintCrl(issuing))).toBe("accepted");
  });

  test("one that it names is revoked, with date and reason", () => {
    const crl = mintCrl(issuing, { revoked: [{ certificate: client, reason: keyCompromise }] });
    const result = verify(chain, [root], hardFail(rootCrl, crl));
    expect(outcome(result)).toBe("revoked at 0");
    expect(result.verdict !== "accepted" && result.reason.actual).toBe("2026-05-31T00:00:00Z, keyCompromise");
  });

  test("so is an intermediate, by its own issuer's list", () => {
    const crl = mintCrl(root, { revoked: [{ certificate: issuing }] });
    expect(outcome(verify(chain, [root], hardFail(crl, mintCrl(issuing))))).toBe("revoked at 1");
  });

  test("the anchor's status is never asked", () => {
    expect(outcome(verify(chain, [issuing], hardFail(mintCrl(issuing))))).toBe("accepted");
  });

  test("a list of another issuer with the same serial number does not count", () => {
    const other = pki.root("Other");
    const crl = mintCrl(other, { revoked: [{ certificate: client }] });
    expect(outcome(verify(chain, [root, other], hardFail(rootCrl, mintCrl(issuing), crl)))).toBe("accepted");
  });

  test("another path is tried when one is revoked", () => {
    const cross = pki.root("Other").crossSign(issuing);
    const other = cross.issuer as TestAuthority;
    const revoked = mintCrl(root, { revoked: [{ certificate: issuing }] });
    const crls = hardFail(revoked, mintCrl(other), mintCrl(issuing));
    expect(outcome(verify([...chain, cross], [root, other], crls))).toBe("accepted");
  });
});

describe("hard fail refuses an unknown status, soft fail lets it pass", () => {
  const revoking = { revoked: [{ certificate: client }] };

  test.each([
    ["no list", [], "crl-not-found at 0"],
    ["a list that has run out", [mintCrl(issuing, { nextUpdate: now - 1 })], "crl-expired at 0"],
    ["a list without nextUpdate", [mintCrl(issuing, { nextUpdate: undefined })], "crl-expired at 0"],
    ["a list from the future", [mintCrl(issuing, { thisUpdate: now + 1 })], "crl-not-yet-valid at 0"],
    ["a list that another key signed", [mintCrl(issuing, { signer: root })], "crl-signature-invalid at 0"],
  ])("%s", (_, crls, expected) => {
    expect(withLists(...crls)).toBe(expected);
    expect(outcome(verify(chain, [root], softFail(...crls)))).toBe("accepted");
  });

  test("the last second of a list still counts", () => {
    expect(withLists(mintCrl(issuing, { thisUpdate: now, nextUpdate: now }))).toBe("accepted");
  });

  test("what an authentic list revokes is revoked in soft fail too, and when the list has run out", () => {
    for (const crl of [mintCrl(issuing, revoking), mintCrl(issuing, { ...revoking, nextUpdate: now - 1 })])
      expect(outcome(verify(chain, [root], softFail(crl)))).toBe("revoked at 0");
  });

  test("what a forged list revokes is not", () => {
    expect(outcome(verify(chain, [root], softFail(mintCrl(issuing, { ...revoking, signer: root }))))).toBe("accepted");
  });

  test("a good list beside a bad one is enough", () => {
    expect(withLists(mintCrl(issuing, { signer: root }), mintCrl(issuing))).toBe("accepted");
  });

  test("a spent budget is not an unknown status: it leaves the verdict open", () => {
    const limits = { ...pathLimits, signatures: 2 };
    const result = verify(chain, [root], { ...softFail(mintCrl(issuing)), limits });
    expect([result.verdict, outcome(result)]).toEqual(["undetermined", "budget-signatures at 0"]);
  });
});

describe("the signer of a list (RFC 5280 §6.3.3 (f), (g))", () => {
  test("has cRLSign where it has keyUsage", () => {
    const ca = root.intermediate("CA", { keyUsage: ["keyCertSign"] });
    const leaf = ca.leaf("x");
    expect(outcome(verify(leaf.chain, [root], hardFail(rootCrl, mintCrl(ca))))).toBe("crl-signer-key-usage at 0");
  });

  test("may be the CA's new key, when its certificate has a path to the same anchor", () => {
    const renewed = root.intermediate("Issuing");
    const crl = mintCrl(issuing, { signer: renewed });
    expect(outcome(verify([...chain, renewed], [root], hardFail(rootCrl, crl)))).toBe("accepted");
    expect(withLists(crl)).toBe("crl-signature-invalid at 0");
    const stranger = pki.root("Issuing");
    const foreign = mintCrl(issuing, { signer: stranger });
    expect(outcome(verify(chain, [root, stranger], hardFail(rootCrl, foreign)))).toBe("crl-signature-invalid at 0");
  });

  test("is no signer any more when it is revoked itself", () => {
    const renewed = root.intermediate("Issuing");
    const crl = mintCrl(issuing, { signer: renewed });
    const revoked = mintCrl(root, { revoked: [{ certificate: renewed }] });
    expect(outcome(verify([...chain, renewed], [root], hardFail(revoked, crl)))).toBe("crl-signature-invalid at 0");
  });
});

describe("the scope of a list (RFC 5280 §6.3.3 (b))", () => {
  const revoked = [{ certificate: client }];
  const uri = "http://crl.test/1.crl";
  const pointed = issuing.leaf("pointed", { extraExtensions: [distributionPoint({ uri })] });

  test.each([
    ["only user certificates, of a user", scope({ only: "user" }), "revoked at 0"],
    ["only CA certificates, of a user", scope({ only: "ca" }), "crl-not-found at 0"],
    ["only attribute certificates", scope({ only: "attribute" }), "crl-not-found at 0"],
    ["an indirect list speaks of its own issuer's certificates too", scope({ indirect: true }), "revoked at 0"],
    ["of another distribution point", scope({ uri }), "crl-not-found at 0"],
  ])("%s", (_, der, expected) => {
    expect(withLists(mintCrl(issuing, { revoked, scope: der }))).toBe(expected);
  });

  test("of the distribution point that the certificate names", () => {
    const check = (point: string): string =>
      outcome(verify(pointed.chain, [root], hardFail(rootCrl, mintCrl(issuing, { scope: scope({ uri: point }) }))));
    expect(check(uri)).toBe("accepted");
    expect(check("http://crl.test/2.crl")).toBe("crl-not-found at 0");
  });

  test("a list without a scope speaks for every distribution point", () => {
    expect(outcome(verify(pointed.chain, [root], hardFail(rootCrl, mintCrl(issuing))))).toBe("accepted");
  });

  test("distribution points that cannot be read leave the status unknown", () => {
    const broken = { ...distributionPoint({ uri }), value: Uint8Array.of(0x30, 0) };
    const leaf = issuing.leaf("broken", { extraExtensions: [broken] });
    const result = verify(leaf.chain, [root], hardFail(rootCrl, mintCrl(issuing)));
    expect(outcome(result)).toBe("crl-scope-unsupported at 0");
  });

  test.each([
    ["a list", { extraExtensions: [{ oid: "1.2.3", critical: true, value: Uint8Array.of(5, 0) }] }],
    [
      "an entry",
      {
        revoked: [{ certificate: issuing, extensions: [{ oid: "1.2.3", critical: true, value: Uint8Array.of(5, 0) }] }],
      },
    ],
  ])("a critical extension of %s that is not understood makes it useless (§5.2, §5.3)", (_, request) => {
    expect(withLists(mintCrl(issuing, request))).toBe("crl-scope-unsupported at 0");
  });
});

describe("lists for some reasons only (RFC 5280 §6.3.3 (d), (l))", () => {
  const some = (...reasons: number[]) => mintCrl(issuing, { scope: scope({ reasons }) });

  test("together they have to cover all of them", () => {
    expect(withLists(some(1, 2))).toBe("crl-scope-unsupported at 0");
    expect(withLists(some(1, 2), some(3, 4, 5, 6, 7, 8))).toBe("accepted");
  });

  test("each of them revokes", () => {
    const crl = mintCrl(issuing, { scope: scope({ reasons: [1] }), revoked: [{ certificate: client }] });
    expect(withLists(crl)).toBe("revoked at 0");
  });

  test("a distribution point for some reasons leaves the rest to the issuer's other lists", () => {
    const uri = "http://crl.test/keys.crl";
    const leaf = issuing.leaf("x", { extraExtensions: [distributionPoint({ uri, reasons: [1] })] });
    const pointed = mintCrl(issuing, { scope: scope({ uri }) });
    const check = (...crls: readonly CertificateRevocationList[]): string =>
      outcome(verify(leaf.chain, [root], hardFail(rootCrl, ...crls)));
    expect(check(pointed)).toBe("crl-scope-unsupported at 0");
    expect(check(pointed, mintCrl(issuing))).toBe("accepted");
  });
});

describe("indirect lists (RFC 5280 §5.2.5, §5.3.3)", () => {
  const revoker = root.intermediate("Revoker", { basicConstraints: { cA: false }, keyUsage: ["cRLSign"] });
  const leaf = issuing.leaf("x", { extraExtensions: [distributionPoint({ cRLIssuer: revoker })] });
  const indirect = scope({ indirect: true });
  const check = (...crls: readonly CertificateRevocationList[]): string =>
    outcome(verify([...leaf.chain, revoker], [root], hardFail(rootCrl, ...crls)));

  test("of the issuer that the certificate names", () => {
    expect(check(mintCrl(revoker, { scope: indirect }))).toBe("accepted");
    const entry = { certificate: leaf, certificateIssuer: issuing };
    expect(check(mintCrl(revoker, { scope: indirect, revoked: [entry] }))).toBe("revoked at 0");
  });

  test("an entry speaks of the list's own certificates unless it names their issuer", () => {
    expect(check(mintCrl(revoker, { scope: indirect, revoked: [{ certificate: leaf }] }))).toBe("accepted");
  });

  test("an issuer once named holds for the entries that follow", () => {
    const other = issuing.leaf("other");
    const revoked = [{ certificate: other, certificateIssuer: issuing }, { certificate: leaf }];
    expect(check(mintCrl(revoker, { scope: indirect, revoked }))).toBe("revoked at 0");
  });

  test("a list that does not say it is indirect does not count", () => {
    expect(check(mintCrl(revoker))).toBe("crl-not-found at 0");
  });
});

describe("delta lists (RFC 5280 §5.2.4, §6.3.3 (c))", () => {
  const complete = mintCrl(issuing, { number: 5 });
  const revoking = [{ certificate: client }];

  test("add to the complete list that they continue", () => {
    expect(withLists(complete, mintCrl(issuing, { number: 6, base: 5, revoked: revoking }))).toBe("revoked at 0");
  });

  test("take back what was on hold", () => {
    const held = mintCrl(issuing, { number: 5, revoked: [{ certificate: client, reason: 6 }] });
    const lifted = { number: 6, base: 5, revoked: [{ certificate: client, reason: removeFromCrl }] };
    expect(withLists(held)).toBe("revoked at 0");
    expect(withLists(held, mintCrl(issuing, lifted))).toBe("accepted");
  });

  test.each([
    ["continue a later list", { number: 7, base: 6 }],
    ["are older than the complete list", { number: 5, base: 4 }],
    ["have run out", { number: 6, base: 5, nextUpdate: now - 1 }],
    ["have another scope", { number: 6, base: 5, scope: scope({ only: "user" }) }],
    ["are not signed by its key", { number: 6, base: 5, signer: root }],
  ])("are left out when they %s", (_, request) => {
    expect(withLists(complete, mintCrl(issuing, { ...request, revoked: revoking }))).toBe("accepted");
  });

  test("say nothing without a complete list", () => {
    expect(withLists(mintCrl(issuing, { number: 6, base: 5 }))).toBe("crl-not-found at 0");
  });
});

describe("the profile of lists is asked for in the strict profile only", () => {
  test.each([
    ["no cRLNumber", { number: undefined }, "RFC 5280 §5.2.3"],
    [
      "a critical cRLNumber",
      { number: undefined, extraExtensions: [{ oid: "2.5.29.20", critical: true, value: Uint8Array.of(2, 1, 1) }] },
      "RFC 5280 §5.2.3",
    ],
  ])("%s", (_, request, cites) => {
    const crl = mintCrl(issuing, request);
    expect(withLists(crl)).toBe("accepted");
    const strict = verify(chain, [root], { ...hardFail(rootCrl, crl), profile: "strict" });
    expect(outcome(strict)).toBe("profile-violation at 0");
    expect(strict.verdict !== "accepted" && strict.reason.cites).toBe(cites);
  });
});
