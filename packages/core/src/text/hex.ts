/** Lower-case hex, two digits an octet. */
export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}
