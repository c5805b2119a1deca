/** Bytes of a text that is known to be ASCII; throws on anything else, which would be a bug. */
export function encodeAscii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) throw new TypeError(`not ASCII at ${i}`);
    bytes[i] = code;
  }
  return bytes;
}
