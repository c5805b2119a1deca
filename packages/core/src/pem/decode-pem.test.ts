import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBase64 } from "./base64.ts";
import { decodePem } from "./decode-pem.ts";
import { renderPem } from "./render-pem.ts";

const limits = { maxBlocks: 300 };
const der = Uint8Array.from({ length: 100 }, (_, i) => i);
const other = Uint8Array.of(0x30, 3, 2, 1, 5);
const pem = renderPem(der);
const body = encodeBase64(der);

const decode = (text: string) => decodePem(text, limits);
const found = (text: string) => decode(text).blocks.map((block) => block.der);
const problems = (text: string) => decode(text).problems.map(({ code, line, label }) => ({ code, line, label }));

/** Long enough to be recognised wherever it turned up. */
const secret = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7nMQzr0vSECRETSECRET";

describe("RFC 7468: reading PEM as people send it", () => {
  test.each([
    ["as rendered", pem],
    ["CRLF", pem.replaceAll("\n", "\r\n")],
    ["CR alone", pem.replaceAll("\n", "\r")],
    ["without any line break", pem.replaceAll("\n", "")],
    ["with blanks for line breaks, as PowerShell joins lines", pem.replaceAll("\n", " ")],
    ["blank before and after", `\n \t\r\n${pem}  \n\n`],
    ["blanks at the ends of lines", pem.replaceAll("\n", " \t\n")],
    ["indented", pem.replace(/^/gm, "    ")],
    ["empty lines inside", pem.replaceAll("\n", "\n\n")],
    ["no line end after the last line", pem.trimEnd()],
    ["byte order mark", `\ufeff${pem}`],
    ["text before and after", `subject=CN = Partner Root\nissuer=CN = Partner Root\n${pem}\n# end\n`],
    [
      "a line of another length",
      `-----BEGIN CERTIFICATE-----\n${body.slice(0, 10)}\n${body.slice(10)}\n-----END CERTIFICATE-----`,
    ],
    ["NUL around it", `\0${pem}\0`],
  ])("%s", (_, text) => {
    expect(decode(text).problems).toEqual([]);
    expect(found(text)).toEqual([der]);
  });

  test.each([
    ["one after the other", pem + renderPem(other)],
    ["without anything between them", (pem + renderPem(other)).replaceAll("\n", "")],
    ["text between them", `${pem}\nKind regards,\nthe CA\n\n${renderPem(other)}`],
    ["different line ends", pem.replaceAll("\n", "\r\n") + renderPem(other).replaceAll("\n", "\r")],
  ])("several blocks: %s", (_, text) => expect(found(text)).toEqual([der, other]));

  test("a block knows its line and its place in the text", () => {
    const text = `first\r\nsecond\rthird\n${pem}${renderPem(other)}`;
    const [one, two] = decode(text).blocks;
    expect([one?.line, two?.line]).toEqual([4, 9]);
    expect(text.slice(one?.offset, one?.end)).toBe(pem.trimEnd());
    expect(text.slice(two?.offset, two?.end)).toBe(renderPem(other).trimEnd());
  });

  test("what is rendered is read back", () => {
    const certificates = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 5 });
    const between = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("--"));
    fc.assert(
      fc.property(certificates, between, fc.constantFrom("\n", "\r\n", "\r", ""), (list, text, lineEnd) => {
        const bundle = list.map((bytes) => renderPem(bytes).replaceAll("\n", lineEnd)).join(text);
        expect(decode(bundle)).toMatchObject({ blocks: list.map((bytes) => ({ der: bytes })), problems: [] });
      }),
    );
  });

  test("lines of 64 characters are rendered", () => {
    expect(pem.split("\n")).toEqual([
      "-----BEGIN CERTIFICATE-----",
      body.slice(0, 64),
      body.slice(64, 128),
      body.slice(128),
      "-----END CERTIFICATE-----",
      "",
    ]);
  });
});

describe("what is no certificate is told, with its line", () => {
  test.each([
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "PUBLIC KEY",
    "CERTIFICATE REQUEST",
    "NEW CERTIFICATE REQUEST",
    "X509 CRL",
    "PKCS7",
    "CMS",
    "DH PARAMETERS",
    "TRUSTED CERTIFICATE",
    "X509 CERTIFICATE",
    "X.509 CERTIFICATE",
  ])("a block of %s is refused by its label and never repeated", (label) => {
    const text = `${pem}-----BEGIN ${label}-----\n${secret}\n-----END ${label}-----\n${renderPem(other)}`;
    expect(found(text)).toEqual([der, other]);
    expect(problems(text)).toEqual([{ code: "pem-unexpected-block", line: 6, label }]);
    expect(JSON.stringify(decode(text).problems)).not.toContain(secret.slice(0, 16));
  });

  test.each([
    ["its END is missing", `-----BEGIN PRIVATE KEY-----\n${secret}\n`],
    ["its END is that of a certificate", `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END CERTIFICATE-----\n`],
    ["a certificate follows at once", `-----BEGIN PRIVATE KEY-----\n${secret}\n${pem}`],
    ["it has headers", `-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${secret}\n-----END PRIVATE KEY-----\n`],
  ])("a private key is told as one when %s", (_, text) => {
    expect(problems(text)[0]).toEqual({ code: "pem-unexpected-block", line: 1, label: "PRIVATE KEY" });
    expect(JSON.stringify(decode(text).problems)).not.toContain(secret.slice(0, 16));
  });

  test.each([
    ["a dash is missing on both sides", `----BEGIN PRIVATE KEY----\n${secret}\n----END PRIVATE KEY----\n${pem}`, 1],
    ["it is a comment", `${pem}# PRIVATE KEY\n# ${secret}\n`, 6],
    ["there is no certificate", `BEGIN RSA PRIVATE KEY\n${secret}\n`, 1],
  ])("a private key with damaged boundary lines does not pass for text: %s", (_, text, line) => {
    expect(problems(text)).toEqual([{ code: "pem-unexpected-block", line, label: "PRIVATE KEY" }]);
  });

  test.each([
    `-----BEGIN ${secret.slice(0, 60)}-----\n-----END CERTIFICATE-----`,
    `-----BEGIN ${secret}${secret}\n-----END CERTIFICATE-----`,
    `-----BEGIN \n${secret.slice(0, 40)}\n-----END PRIVATE KEY-----`,
    `-----BEGIN \u001b[31mCERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`,
  ])("a label that is none is not repeated: %j", (text) => {
    const result = decode(text);
    expect(result.blocks).toEqual([]);
    expect(result.problems[0]).toMatchObject({ code: "pem-unexpected-block", line: 1, label: undefined });
    expect(JSON.stringify(result.problems)).not.toMatch(/MIGH|u001b/);
  });

  test.each([
    ["no END", `-----BEGIN CERTIFICATE-----\n${body}\n`, "pem-end-missing", 1],
    ["the next block begins", `\n-----BEGIN CERTIFICATE-----\n${body}\n${pem}`, "pem-end-missing", 2],
    ["END of another kind", `-----BEGIN CERTIFICATE-----\n${body}\n-----END PUBLIC KEY-----`, "pem-end-mismatch", 3],
    ["END without label", `-----BEGIN CERTIFICATE-----\n${body}\n-----END -----`, "pem-end-mismatch", 3],
    ["END cut off", `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFIC`, "pem-end-mismatch", 3],
    ["no BEGIN", `${body}\n-----END CERTIFICATE-----\n`, "pem-begin-missing", 2],
    ["no BEGIN after a good block", `${pem}${body}\n-----END CERTIFICATE-----\n`, "pem-begin-missing", 7],
    ["headers", `-----BEGIN CERTIFICATE-----\nComment: x\n\n${body}\n-----END CERTIFICATE-----`, "pem-bad-base64", 2],
    ["padding left out", `-----BEGIN CERTIFICATE-----\nZg\n-----END CERTIFICATE-----`, "pem-bad-base64", 3],
    ["bits after the last byte", `-----BEGIN CERTIFICATE-----\nZh==\n-----END CERTIFICATE-----`, "pem-bad-base64", 3],
    ["escaped line ends", pem.replaceAll("\n", String.raw`\n`), "pem-bad-base64", 1],
    ["NUL inside", `-----BEGIN CERTIFICATE-----\nZm\0v\n-----END CERTIFICATE-----`, "pem-bad-base64", 2],
    ["quoted mail", pem.replace(/^/gm, "> "), "pem-bad-base64", 2],
  ])("%s", (_, text, code, line) => {
    expect(problems(text)[0]).toMatchObject({ code, line });
  });

  test("after a bad block the good ones are read and every problem is told", () => {
    const text = `-----BEGIN CERTIFICATE-----\nZg\n-----END CERTIFICATE-----\n${pem}-----BEGIN CERTIFICATE-----\n${renderPem(other)}`;
    expect(found(text)).toEqual([der, other]);
    expect(problems(text)).toEqual([
      { code: "pem-bad-base64", line: 3, label: "CERTIFICATE" },
      { code: "pem-end-missing", line: 9, label: "CERTIFICATE" },
    ]);
  });

  test.each([
    ["", "pem-no-block"],
    ["certificate", "pem-no-block"],
    ["-----begin certificate-----", "pem-no-block"],
    ["---- BEGIN SSH2 PUBLIC KEY ----", "pem-no-block"],
    ["\n<!DOCTYPE html><html>", "pem-looks-like-html"],
    ["\ufeff<?xml version='1.0'?>", "pem-looks-like-html"],
    ["0\ufffd\u0003\ufffd0\ufffd", "pem-looks-like-der"],
    ["0\u0082\u0003\u0012", "pem-looks-like-der"],
  ])("a text without any block says what it looks like: %j", (text, code) => {
    expect(problems(text)).toEqual([{ code, line: 1, label: undefined }]);
  });
});

describe("work on a hostile text is bounded", () => {
  test("blocks beyond the limit are not read and said to be too many", () => {
    const at = (count: number) => decodePem(pem.repeat(count), { maxBlocks: 3 });
    expect(at(3)).toMatchObject({ problems: [] });
    expect(at(4).blocks).toHaveLength(3);
    expect(at(4).problems).toMatchObject([{ code: "pem-too-many-blocks", line: 16 }]);
  });

  test("bad blocks count as well", () => {
    const { problems: told } = decodePem("-----BEGIN CERTIFICATE-----\n".repeat(1_000), { maxBlocks: 10 });
    expect(told).toHaveLength(11);
    expect(told.at(-1)?.code).toBe("pem-too-many-blocks");
  });

  // A quadratic reader would take hours here, so that the test's own time limit decides.
  test.each([
    ["rubbish", "x\n".repeat(10_000_000)],
    ["dashes", "-".repeat(20_000_000)],
    ["beginnings", "-----BEGIN CERTIFICATE-----".repeat(740_000)],
    ["ends", "-----END CERTIFICATE-----".repeat(800_000)],
    ["beginnings of a label without end", "-----BEGIN ".repeat(1_800_000)],
    ["one endless block", `-----BEGIN CERTIFICATE-----\n${"Zm9v".repeat(5_000_000)}`],
  ])("20 MB of %s come to an end without a certificate", (_, text) => {
    const result = decodePem(text, { maxBlocks: 1_000_000_000 });
    expect(result.blocks).toEqual([]);
    expect(result.problems.length).toBeGreaterThan(0);
  });

  test("whatever the text, there is a block or a problem, and nothing is thrown", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "-----BEGIN ",
        "-----END ",
        "CERTIFICATE",
        "PRIVATE KEY",
        "-----",
        "\n",
        "\r\n",
        "Zm9v",
        "Zg==",
        "=",
      ),
      fc.string({ maxLength: 8, unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = pieces.join("");
        const result = decode(text);
        expect(result.blocks.length + result.problems.length).toBeGreaterThan(0);
        for (const { offset, end } of result.blocks)
          expect(text.slice(offset, end)).toMatch(/^-----BEGIN CERT.*CATE-----$/s);
        const lines = result.problems.map(({ line }) => line);
        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
      }),
      { numRuns: 1_000 },
    );
  });
});
