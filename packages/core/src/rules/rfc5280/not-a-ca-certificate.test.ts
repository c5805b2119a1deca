import { rawCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule } from "../testdata/check-rule.ts";
import { notACaCertificate } from "./not-a-ca-certificate.ts";

const pki = testPki();
const root = pki.root("Root");

describe("not-a-ca-certificate: a CA says cA TRUE", () => {
  test("passes roots and intermediates", () => {
    expect(checkRule(notACaCertificate, [root, root.intermediate("Issuing")])).toEqual([]);
  });

  test.each([
    ["a client certificate", root.leaf("client"), "no basicConstraints"],
    ["cA FALSE", root.intermediate("Issuing", { basicConstraints: { cA: false } }), "cA FALSE"],
    ["version 3 without basicConstraints", pki.root("Root", { basicConstraints: undefined }), "no basicConstraints"],
    ["version 1 under another CA", root.intermediate("Old", { version: 1 }), "no basicConstraints"],
    ["version 2, self-signed", pki.root("Root", { version: 2 }), "no basicConstraints"],
    [
      "keyUsage keyCertSign does not make up for it",
      root.leaf("x", { keyUsage: ["keyCertSign"] }),
      "no basicConstraints",
    ],
  ])("refuses %s", (_, sample, actual) => {
    expect(checkRule(notACaCertificate, [sample])).toEqual([{ index: 0, evidence: { expected: "cA TRUE", actual } }]);
  });

  test("does not apply to a self-signed version 1 root", () => {
    expect(checkRule(notACaCertificate, [pki.root("Old", { version: 1 })])).toEqual([]);
  });

  test("does not apply to a version 1 root whose signature is never looked at: its key is refused anyway", () => {
    expect(checkRule(notACaCertificate, [pki.root("Old", { version: 1, keyType: "rsa1024" })])).toEqual([]);
  });

  test("a version 1 certificate that only names itself is no root", () => {
    const unsigned = rawCertificate({ version: new Uint8Array(), rest: new Uint8Array() });
    expect(checkRule(notACaCertificate, [unsigned])).toHaveLength(1);
  });
});
