import { rawCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeOid, encodeSequence, encodeSetOf, encodeUtf8String } from "../../der/der-writer.ts";
import { checkRule } from "../testdata/check-rule.ts";
import { sameCommonName } from "./same-common-name.ts";

const pki = testPki();
const named = (subject: { O?: string; CN?: string }) => pki.root("x", { subject });

/** A subject of several Common Names. */
function commonNames(...texts: readonly string[]): Uint8Array {
  const rdns = texts.map((text) => encodeSetOf(encodeSequence(encodeOid("2.5.4.3"), encodeUtf8String(text))));
  return rawCertificate({ subject: encodeSequence(...rdns) });
}

describe("same-common-name: two members of one Common Name, unless the version allows it", () => {
  test("passes different names", () => {
    expect(checkRule(sameCommonName, [named({ CN: "A" }), named({ CN: "B" })])).toEqual([]);
  });

  test("tells the later one and names the earlier", () => {
    const [first, second] = [named({ O: "X", CN: "Partner Root" }), named({ O: "Y", CN: "Partner Root" })];
    const other = { index: 0, subject: "CN=Partner Root, O=X", fingerprint: first.fingerprint };
    expect(checkRule(sameCommonName, [first, second])).toEqual([
      { index: 1, evidence: { commonName: "Partner Root", other } },
    ]);
  });

  test("of three, two are told, each against the first", () => {
    const found = checkRule(sameCommonName, [named({ CN: "A" }), named({ CN: "A" }), named({ CN: "A" })]);
    expect(found).toMatchObject([
      { index: 1, evidence: { other: { index: 0 } } },
      { index: 2, evidence: { other: { index: 0 } } },
    ]);
  });

  test.each([
    ["case", "partner ROOT"],
    ["white space", " Partner   Root "],
    ["an invisible character", "Partner\u200b Root"],
    ["full width", "Ｐａｒｔｎｅｒ Ｒｏｏｔ"],
  ])("compares by RFC 5280 §7.1: %s", (_, text) => {
    expect(checkRule(sameCommonName, [named({ CN: "Partner Root" }), named({ CN: text })])).toHaveLength(1);
  });

  test("a renewal of the same key clashes as well: the option is for rotations", () => {
    const root = pki.root("Root");
    expect(checkRule(sameCommonName, [root, root.renew()])).toHaveLength(1);
    expect(checkRule(sameCommonName, [root, root.renew()], { options: { allowDuplicateCommonNames: true } })).toEqual(
      [],
    );
  });

  test("no Common Name, or a blank one, never clashes", () => {
    expect(checkRule(sameCommonName, [named({ O: "X" }), named({ O: "X" })])).toEqual([]);
    expect(checkRule(sameCommonName, [named({ CN: "" }), named({ CN: " " })])).toEqual([]);
  });

  test("any of several Common Names counts, and a member never clashes with itself", () => {
    expect(checkRule(sameCommonName, [commonNames("A", "A")])).toEqual([]);
    expect(checkRule(sameCommonName, [commonNames("A", "B"), named({ CN: "B" })])).toMatchObject([
      { index: 1, evidence: { commonName: "B" } },
    ]);
  });
});
