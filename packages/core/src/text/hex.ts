const digits = "0123456789abcdef";
const pairs: readonly string[] = Array.from(
  { length: 256 },
  (_, octet) => `${digits[octet >> 4]}${digits[octet & 15]}`,
);

/** Lower-case hex, two digits an octet. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += pairs[octet];
  return text;
}
