import { describe, expect, test } from "vitest";
import { formatSerialNumber, formatSignatureAlgorithm, formatTime } from "./format-certificate.ts";
import { sameBytes } from "./same-bytes.ts";
import { isSelfIssued } from "./self-issued.ts";
import { testPki } from "@tcm/testkit";

describe("facts of a certificate as mETS shows them", () => {
  test.each([
    ["00", "00"],
    ["01", "01"],
    ["00ff", "ff"],
    ["0080aa", "80aa"],
    ["7f00", "7f00"],
    ["ff", "ff"],
    ["0a0b0c", "0a0b0c"],
  ])("the serial number of octets %s is %s", (octets, text) => {
    expect(formatSerialNumber({ serialNumber: Uint8Array.fromHex(octets) })).toBe(text);
  });

  test.each([
    [0, "1970-01-01T00:00:00Z"],
    [1_767_225_600, "2026-01-01T00:00:00Z"],
    [-62_167_219_200, "0000-01-01T00:00:00Z"],
    [253_402_300_799, "9999-12-31T23:59:59Z"],
  ])("second %i is %s", (time, text) => expect(formatTime(time)).toBe(text));

  test("algorithms have their names, others their OID", () => {
    const name = (oid: string) =>
      formatSignatureAlgorithm({ signatureAlgorithm: { oid, parameters: undefined, der: new Uint8Array() } });
    expect(name("1.2.840.113549.1.1.11")).toBe("SHA256WITHRSA");
    expect(name("2.16.840.1.101.3.4.3.18")).toBe("ML-DSA-65");
    expect(name("1.2.3")).toBe("1.2.3");
  });
});

describe("comparing", () => {
  test("bytes by length and content", () => {
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
    expect(sameBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  });

  test("self-issued is about names, not about keys (RFC 5280 §3.2)", () => {
    const root = testPki().root("Root");
    expect(isSelfIssued(root.certificate)).toBe(true);
    expect(isSelfIssued(root.forge().certificate)).toBe(true);
    expect(isSelfIssued(root.intermediate("ROOT").certificate)).toBe(true);
    expect(isSelfIssued(root.intermediate("Other").certificate)).toBe(false);
  });
});
