import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { ambiguity, isAlsoTrustedAs } from "./ambiguity.ts";

const pki = testPki();
const withSki = pki.root("Partner");
const other = pki.root("Partner");
const withoutSki = pki.root("Partner", { subjectKeyIdentifier: false });
const twin = pki.root("Partner", { subjectKeyIdentifier: withSki.certificate.extensions.subjectKeyIdentifier });
const stranger = pki.root("Stranger", { subjectKeyIdentifier: false });

describe("whether a probe can tell two CAs apart", () => {
  test.each([
    ["other names", withSki, stranger, true],
    ["one name, two key identifiers", withSki, other, true],
    ["one name, one of them without", withSki, withoutSki, false],
    ["one name, one of them without, the other way round", withoutSki, withSki, false],
    ["one name and one key identifier, two keys", withSki, twin, false],
    ["the same", withSki, withSki, true],
    ["a renewal: one CA", withSki, withSki.renew(), true],
  ])("%s", (_what, a, b, isClear) => {
    expect(ambiguity(a.certificate, [b.certificate, stranger.certificate]) === undefined).toBe(isClear);
  });

  test("a CA whose renewal stays is still trusted, another of its name is not", () => {
    expect(isAlsoTrustedAs(withSki.certificate, [withSki.renew().certificate])).toBe(true);
    expect(isAlsoTrustedAs(withSki.certificate, [other.certificate, twin.certificate])).toBe(false);
  });
});
