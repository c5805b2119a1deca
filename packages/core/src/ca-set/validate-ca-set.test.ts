import { nodeCrypto } from "@tcm/node-crypto";
import { testPki, type TestCertificate } from "@tcm/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderPem } from "../pem/render-pem.ts";
import type { CaSetOptions, Occasion } from "../rules/rule.ts";
import { maxCertificatesPerVersion, readSubmission } from "./read-submission.ts";
import { validateCaSet } from "./validate-ca-set.ts";

const pki = testPki();
const usual: CaSetOptions = {
  requireRootCertificate: true,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: false,
};

function validate(
  samples: readonly (Pick<TestCertificate, "pem"> | string)[],
  options: Partial<CaSetOptions> = {},
  more: { readonly occasion?: Occasion; readonly wasActiveBefore?: boolean } = {},
) {
  const entries = samples.map((sample) => ({ certificatePem: typeof sample === "string" ? sample : sample.pem }));
  const request = { options: { ...usual, ...options }, occasion: "create" as const, now: pki.now, ...more };
  return validateCaSet(readSubmission(entries, nodeCrypto), request, nodeCrypto);
}

const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const expired = root.intermediate("Expired", { notAfter: pki.now - 1 });
const weak = pki.root("Weak", { keyType: "rsa1024" });

describe("a set is validated whole", () => {
  test("a good one is checked, with its certificates", () => {
    const { findings, checked } = validate([root, issuing]);
    expect(findings).toEqual([]);
    expect(checked?.certificates.map(({ fingerprint }) => fingerprint)).toEqual([
      root.fingerprint,
      issuing.fingerprint,
    ]);
  });

  test("everything is told at once, by position, then in the order of the rules, the set at the end", () => {
    const samples = [
      root.leaf("client"),
      "rubbish",
      expired,
      root.pem,
      root.renew(),
      weak,
      root,
      pki.root("Far").intermediate("Gap", { keyUsage: ["cRLSign"], serialNumber: Uint8Array.of(0) }),
    ];
    const { findings, checked } = validate(samples);
    expect(checked).toBeUndefined();
    expect(findings.map(({ index, code, severity }) => [index, code, severity])).toEqual([
      [0, "not-a-ca-certificate", "error"],
      [0, "key-usage-not-cert-sign", "error"],
      [1, "malformed-certificate", "error"],
      [2, "expired-certificate", "error"],
      [4, "same-common-name", "error"],
      [5, "weak-key", "error"],
      [6, "duplicate-certificate", "warning"],
      [7, "key-usage-not-cert-sign", "error"],
      [7, "issuer-not-in-set", "error"],
      [7, "profile-serial-zero", "advice"],
    ]);
  });

  test("each finding names its certificate", () => {
    const [finding] = validate([root, expired]).findings;
    expect(finding).toMatchObject({ index: 1, subject: "CN=Expired", fingerprint: expired.fingerprint });
    expect(finding?.cites).toBe("RFC 5280 §4.1.2.5");
  });

  test("warnings and advice do not refuse", () => {
    const { findings, checked } = validate([root, root, pki.root("Old", { version: 1 })]);
    expect(findings.map(({ severity }) => severity)).toEqual(["warning", "advice"]);
    expect(checked?.certificates).toHaveLength(2);
  });

  test("a set without any certificate is never checked: it guards nothing", () => {
    expect(validate([]).checked).toBeUndefined();
  });

  test("evidence survives JSON", () => {
    const { findings } = validate([expired, weak, root.leaf("x"), root.forge(), issuing, root, root.renew(), "x"]);
    for (const { evidence } of findings) expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });
});

describe("the occasion decides", () => {
  test.each<[Occasion, boolean, readonly string[]]>([
    ["create", false, ["error"]],
    ["deploy", false, ["error"]],
    ["deploy", true, ["warning"]],
    ["clone", false, ["warning"]],
  ])("an expired member on %s, active before: %s", (occasion, wasActiveBefore, severities) => {
    const { findings, checked } = validate([root, expired], {}, { occasion, wasActiveBefore });
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
    expect(checked !== undefined).toBe(severities[0] !== "error");
  });

  test("a clone is not looked at for what cannot have changed", () => {
    expect(validate([weak, root.leaf("client")], {}, { occasion: "clone" }).findings).toMatchObject([
      { index: 1, code: "issuer-not-in-set", severity: "warning" },
    ]);
  });

  test("options take rules away", () => {
    const sha1 = pki.root("SHA-1", { signatureScheme: { type: "ecdsa", hash: "sha1" } });
    const samples = [sha1, root, root.renew(), pki.root("Far").intermediate("Gap")];
    const codes = (options: Partial<CaSetOptions>) => validate(samples, options).findings.map(({ code }) => code);
    expect(codes({})).toEqual(["insecure-signature-algorithm", "same-common-name", "issuer-not-in-set"]);
    expect(codes({ allowInsecureSha1: true, allowDuplicateCommonNames: true, requireRootCertificate: false })).toEqual(
      [],
    );
  });
});

describe("the limit of 300 certificates", () => {
  const many = Array.from({ length: 301 }, (_, i) => pki.root(`Root ${i}`));

  test("300 are validated", () => {
    const { findings, checked } = validate(many.slice(0, 300));
    expect(findings).toEqual([]);
    expect(checked?.certificates).toHaveLength(maxCertificatesPerVersion);
  });

  test("301 are refused, and the first 300 still told about", () => {
    const { findings, checked } = validate([expired, ...many.slice(0, 300)]);
    expect(checked).toBeUndefined();
    expect(findings.map(({ index, code }) => [index, code])).toEqual([
      [0, "expired-certificate"],
      [0, "issuer-not-in-set"],
      [undefined, "certificate-limit-reached"],
    ]);
    expect(findings.at(-1)?.evidence).toEqual({ actual: 301, limit: 300 });
  });

  test("copies count: what is sent is limited, not what is left", () => {
    expect(validate(Array.from({ length: 301 }, () => root)).findings.at(-1)?.code).toBe("certificate-limit-reached");
  });

  test("300 CAs of one name end", () => {
    const same = Array.from({ length: 300 }, () => pki.root("Same", { subjectKeyIdentifier: false }));
    const { findings } = validate(same, { allowDuplicateCommonNames: true });
    expect(findings.every(({ code }) => code === "profile-ski-missing")).toBe(true);
  });
});

describe("the order of a submission changes positions and nothing else", () => {
  const samples = [
    root,
    issuing,
    expired,
    weak,
    root.leaf("client"),
    pki.root("Far").intermediate("Gap"),
    root.forge(),
    pki.root("Other").crossSign(issuing),
    pki.root("Old", { version: 1 }),
  ];
  // Of two that clash the later one is told, so that this rule depends on the order by design.
  const options = { allowDuplicateCommonNames: true };
  const facts = (order: readonly TestCertificate[]) =>
    validate(order, options)
      .findings.map(({ code, severity, fingerprint, evidence }) =>
        JSON.stringify([code, severity, fingerprint, evidence]),
      )
      .toSorted();

  test("any permutation has the same findings about the same certificates", () => {
    const expected = facts(samples);
    fc.assert(
      fc.property(fc.shuffledSubarray(samples, { minLength: samples.length }), (order) => {
        expect(facts(order)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test("findings are sorted by position", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(samples, { minLength: samples.length }), (order) => {
        const positions = validate(order, options).findings.map(({ index }) => index ?? Infinity);
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      }),
      { numRuns: 20 },
    );
  });

  test("the same submission has the same answer", () => {
    expect(validate(samples).findings).toEqual(validate(samples).findings);
    expect(validate([renderPem(root.der)]).checked).toEqual(validate([root]).checked);
  });
});
