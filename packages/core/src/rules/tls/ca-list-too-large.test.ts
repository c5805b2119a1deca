import { rawCertificate } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeName } from "../../certificate/encode-name.ts";
import { checkRule } from "../testdata/check-rule.ts";
import { caListBytes, caListTooLarge } from "./ca-list-too-large.ts";

/** A certificate whose subject, with the two bytes of its length, takes `bytes` in the list. */
function taking(bytes: number): Uint8Array {
  let subject = encodeName({ CN: "x".repeat(bytes) });
  for (let text = bytes; subject.length + 2 > bytes; text--) subject = encodeName({ CN: "x".repeat(text) });
  return rawCertificate({ subject });
}

describe("ca-list-too-large: the names of all CAs fit a handshake", () => {
  test("each name counts with the two bytes of its length", () => {
    const names = [{ subject: { der: new Uint8Array(100) } }, { subject: { der: new Uint8Array(50) } }];
    expect([caListBytes([]), caListBytes(names)]).toEqual([0, 154]);
  });

  test("on upload passes 16 KiB and advises above it", () => {
    expect(checkRule(caListTooLarge, [taking(8_192), taking(8_192)])).toEqual([]);
    expect(checkRule(caListTooLarge, [taking(8_192), taking(8_193)])).toEqual([
      { index: undefined, evidence: { actual: 16_385, limit: 16_384, hardLimit: 65_023 } },
    ]);
  });

  test("on deployment passes 65,023 bytes, which TLS 1.3 has room for, and refuses one more, where an engine sends names", () => {
    const sends = { occasion: "deploy", sendsCaNames: true } as const;
    expect(checkRule(caListTooLarge, [taking(32_511), taking(32_512)], sends)).toEqual([]);
    expect(checkRule(caListTooLarge, [taking(32_512), taking(32_512)], sends)).toEqual([
      { index: undefined, evidence: { actual: 65_024, limit: 65_023, hardLimit: 65_023 } },
    ]);
  });

  test("does not apply to a deployment where no engine sends names", () => {
    expect(checkRule(caListTooLarge, [taking(40_000), taking(40_000)], { occasion: "deploy" })).toEqual([]);
  });
});
