import { rawCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule } from "../testdata/check-rule.ts";
import { legacyV1Root } from "./legacy-v1-root.ts";

const pki = testPki();

describe("legacy-v1-root: a self-signed version 1 root counts as a CA, with advice", () => {
  test("advises on one", () => {
    expect(checkRule(legacyV1Root, [pki.root("Old", { version: 1 })])).toEqual([
      { index: 0, evidence: { version: 1 } },
    ]);
  });

  test.each([
    ["version 2", pki.root("Root", { version: 2 })],
    ["version 3", pki.root("Root")],
    ["version 1 under another CA", pki.root("Root").intermediate("Old", { version: 1 })],
    ["version 1 that did not sign itself", rawCertificate({ version: new Uint8Array(), rest: new Uint8Array() })],
  ])("does not apply to %s", (_, sample) => expect(checkRule(legacyV1Root, [sample])).toEqual([]));
});
