import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeText } from "./escape-text.ts";
import { toHex } from "./hex.ts";
import { encodeUtf8 } from "./utf8.ts";

describe("hostile text on its way to a terminal or a log", () => {
  test.each([
    ["\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m", "ANSI sequences"],
    ["\u009b31m", "\\x9b31m", "ANSI sequences of one octet"],
    ["a\r\nb\tc\0", "a\\x0d\\x0ab\\x09c\\x00", "line ends, tabs, NUL"],
    ["a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c", "line and paragraph separators"],
    ["\u202egnp.exe", "\\u{202e}gnp.exe", "right-to-left override"],
    ["\u2066x\u2069", "\\u{2066}x\\u{2069}", "bidirectional isolates"],
    ["a\u200bb\ufeffc\u00ad", "a\\u{200b}b\\u{feff}c\\xad", "invisible characters"],
    ["\u{e0041}", "\\u{e0041}", "tag characters"],
    ["\ufe0f\u115f", "\\u{fe0f}\\u{115f}", "variation selectors and fillers"],
    ["\ud800", "\\u{d800}", "lone surrogates"],
    ["\u007f", "\\x7f", "delete"],
  ])("%j becomes %s: %s", (text, shown) => expect(escapeText(text)).toBe(shown));

  test.each(["Müller & Söhne, 株式会社 😀", "a < b > c \" ' ` $(x)", "عربى"])("%s stays as it is", (text) => {
    expect(escapeText(text)).toBe(text);
  });

  test("escaping twice is escaping once, and nothing unsafe is left", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeText(text);
        expect(escapeText(escaped)).toBe(escaped);
        expect(escaped).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("hex and UTF-8", () => {
  test("hex is lower case, two digits an octet", () => {
    expect(toHex(Uint8Array.of(0, 15, 16, 171, 255))).toBe("000f10abff");
    expect(toHex(new Uint8Array())).toBe("");
  });

  test("UTF-8 is that of the platform, lone surrogates included", () => {
    const encoder = new TextEncoder();
    const units = fc.array(fc.nat(0xffff), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes));
    fc.assert(fc.property(units, (text) => toHex(encodeUtf8(text)) === toHex(encoder.encode(text))));
  });
});
