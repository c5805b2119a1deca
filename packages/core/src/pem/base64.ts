const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const sextets = new Int8Array(256).fill(-1);
for (let i = 0; i < alphabet.length; i++) sextets[alphabet.charCodeAt(i)] = i;

export type Base64 =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly at: number; readonly expected: string };

/**
 * RFC 4648 §4, strictly: white space is skipped, anything else outside the alphabet, missing padding and set bits in the
 * last symbol are refused with their position in `text`.
 */
export function decodeBase64(text: string, start = 0, end = text.length): Base64 {
  const bytes = new Uint8Array(Math.ceil(((end - start) * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  let padding = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) continue;
    if (code === 0x3d) {
      padding++;
      continue;
    }
    const sextet = code < 256 ? (sextets[code] as number) : -1;
    if (sextet < 0) return { ok: false, at: i, expected: "a base64 character" };
    if (padding > 0) return { ok: false, at: i, expected: "nothing after the padding" };
    bits = (bits << 6) | sextet;
    count++;
    if (count % 4 === 0) {
      bytes[length++] = bits >> 16;
      bytes[length++] = (bits >> 8) & 0xff;
      bytes[length++] = bits & 0xff;
      bits = 0;
    }
  }
  const rest = count % 4;
  if (rest === 1 || padding !== (rest === 0 ? 0 : 4 - rest))
    return { ok: false, at: end, expected: "a whole number of bytes with padding" };
  if (rest > 1) {
    if ((bits & (rest === 2 ? 0x0f : 0x03)) !== 0) return { ok: false, at: end, expected: "zero bits at the end" };
    bytes[length++] = rest === 2 ? bits >> 4 : bits >> 10;
    if (rest === 3) bytes[length++] = (bits >> 2) & 0xff;
  }
  return { ok: true, bytes: bytes.subarray(0, length) };
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    text += (left > 1 ? alphabet.charAt((bits >> 6) & 63) : "=") + (left > 2 ? alphabet.charAt(bits & 63) : "=");
  }
  return text;
}
