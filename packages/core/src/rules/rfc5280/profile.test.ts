import { rawCertificate, rawTime, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeInteger } from "../../der/der-writer.ts";
import { checkRule } from "../testdata/check-rule.ts";
import { profileRules } from "./profile.ts";

const observe = (sample: Uint8Array | { readonly der: Uint8Array }) =>
  profileRules.flatMap((rule) => checkRule(rule, [sample]).map(({ evidence }) => [rule.code, rule.cites, evidence]));

describe("profile-…: what the parser noted is advice, each code with its citation", () => {
  test("passes a certificate without deviations", () => {
    expect(observe(testPki().root("Root"))).toEqual([]);
  });

  test("tells each deviation with the offset of its element", () => {
    const odd = rawCertificate({ serialNumber: encodeInteger(0), notAfter: rawTime("20360101000000Z") });
    const serial = Buffer.from(odd).indexOf(encodeInteger(0));
    const time = Buffer.from(odd).indexOf(rawTime("20360101000000Z"));
    expect(observe(odd)).toEqual([
      ["profile-serial-zero", "RFC 5280 §4.1.2.2", { offset: serial }],
      ["profile-time-type", "RFC 5280 §4.1.2.5", { offset: time }],
    ]);
  });

  test("the same deviation twice in one certificate is told once, at its first place", () => {
    const [notBefore, notAfter] = [rawTime("20260101000000Z"), rawTime("20360101000000Z")];
    const odd = rawCertificate({ notBefore, notAfter });
    const first = Buffer.from(odd).indexOf(notBefore);
    expect(observe(odd)).toEqual([["profile-time-type", "RFC 5280 §4.1.2.5", { offset: first }]]);
  });
});
