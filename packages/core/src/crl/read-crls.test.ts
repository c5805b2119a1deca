import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeBase64 } from "../pem/base64.ts";
import { readCrls } from "./read-crls.ts";
import { mintCrlDer } from "./testdata/mint-crl.ts";

const root = testPki().root("Root");
const der = mintCrlDer(root);
const block = (bytes: Uint8Array, label = "X509 CRL"): string =>
  `-----BEGIN ${label}-----\n${encodeBase64(bytes)}\n-----END ${label}-----\n`;
const read = (text: string) => readCrls(new TextEncoder().encode(text));
const codes = (text: string) => read(text).problems.map(({ position, code }) => `${position}: ${code}`);

describe("a file of revocation lists", () => {
  test("is one list in DER", () => {
    expect(readCrls(der).crls.map(({ issuer }) => issuer.canonical)).toEqual([root.certificate.subject.canonical]);
  });

  test("or PEM blocks with text between them (RFC 7468 §6)", () => {
    const { crls, problems } = read(`of today:\n${block(der)}of yesterday:\r\n${block(der)}`);
    expect([crls.length, problems]).toEqual([2, []]);
  });

  test.each([
    ["nothing", "", ["1: pem-no-block"]],
    ["another kind of block beside a list", block(der, "CERTIFICATE") + block(der), ["1: pem-unexpected-block"]],
    ["a block without an end", "-----BEGIN X509 CRL-----\nMAA=\n", ["1: pem-end-missing"]],
    ["bad base64", "-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n", ["1: pem-bad-base64"]],
    ["a block that holds no list", block(Uint8Array.of(0x30, 0)), ["1: der-truncated"]],
  ])("with %s says so", (_, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });
});
