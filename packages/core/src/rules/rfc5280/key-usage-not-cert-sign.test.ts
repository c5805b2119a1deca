import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule } from "../testdata/check-rule.ts";
import { keyUsageNotCertSign } from "./key-usage-not-cert-sign.ts";

const pki = testPki();

describe("key-usage-not-cert-sign: keyUsage, where present, has keyCertSign", () => {
  test("passes keyCertSign alone or among others", () => {
    const samples = [
      pki.root("A", { keyUsage: ["keyCertSign"] }),
      pki.root("B", { keyUsage: ["digitalSignature", "keyCertSign", "cRLSign"] }),
    ];
    expect(checkRule(keyUsageNotCertSign, samples)).toEqual([]);
  });

  test.each([
    [["cRLSign"], ["cRLSign"]],
    [
      ["digitalSignature", "keyEncipherment"],
      ["digitalSignature", "keyEncipherment"],
    ],
    [[], []],
  ] as const)("refuses %j", (keyUsage, actual) => {
    const found = checkRule(keyUsageNotCertSign, [pki.root("Root", { keyUsage })]);
    expect(found).toEqual([{ index: 0, evidence: { expected: "keyCertSign", actual } }]);
  });

  test("does not apply without keyUsage", () => {
    expect(checkRule(keyUsageNotCertSign, [pki.root("Root", { keyUsage: undefined })])).toEqual([]);
    expect(checkRule(keyUsageNotCertSign, [pki.root("Old", { version: 1 })])).toEqual([]);
  });
});
