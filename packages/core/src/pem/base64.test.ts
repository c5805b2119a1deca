import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

describe("RFC 4648 §4: base64, strictly", () => {
  test.each([
    ["", ""],
    ["Zg==", "66"],
    ["Zm8=", "666f"],
    ["Zm9v", "666f6f"],
    ["Zm9vYg==", "666f6f62"],
    [" Z\tm\r\n9\v\fv ", "666f6f"],
    ["++//", "fbefff"],
  ])("%j is %s", (text, hex) => {
    expect(decodeBase64(text)).toEqual({ ok: true, bytes: Uint8Array.fromHex(hex) });
  });

  test.each([
    ["Z", 1, "one character alone"],
    ["Zg", 2, "padding left out"],
    ["Zg=", 3, "half of the padding"],
    ["Zg===", 5, "too much padding"],
    ["Zm9v=", 5, "padding of nothing"],
    ["====", 4, "padding alone"],
    ["Zh==", 4, "bits set after the last byte"],
    ["Zm9=", 4, "bits set after the second byte"],
    ["Zg==Zg==", 4, "text after the padding"],
    ["Zm9-", 3, "the alphabet of URLs"],
    ["Zm_v", 2, "the alphabet of URLs"],
    ["Zm9\0", 3, "NUL"],
    ["Zm9\u00a0", 3, "a no-break space"],
    ["Zm9Ａ", 3, "a full-width letter"],
    ["Zm9v\\nZm9v", 4, "an escaped line end"],
  ])("%j is refused at %i: %s", (text, at) => {
    expect(decodeBase64(text)).toMatchObject({ ok: false, at });
  });

  test("a part of a text is decoded in its bounds", () => {
    expect(decodeBase64("--Zm9v--", 2, 6)).toEqual({ ok: true, bytes: Uint8Array.fromHex("666f6f") });
  });

  test("what is encoded is decoded, and agrees with the platform", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(bytes.toBase64());
        expect(decodeBase64(text)).toEqual({ ok: true, bytes });
      }),
    );
  });

  test("one text for one value: what is decoded encodes to the text without white space", () => {
    const symbols = fc.string({ unit: fc.constantFrom(..."ABghz019+/= \n".split("")), maxLength: 24 });
    fc.assert(
      fc.property(symbols, (text) => {
        const decoded = decodeBase64(text);
        if (decoded.ok) expect(encodeBase64(decoded.bytes)).toBe(text.replace(/\s/g, ""));
      }),
    );
  });
});
