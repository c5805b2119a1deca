import { toHex } from "../text/hex.ts";
import type { AttributeTypeAndValue, Name } from "./name.ts";

/** Keywords as mETS writes them (Java's RFC 1779 form with EMAILADDRESS); other types stay dotted decimal. */
const keywords: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SURNAME",
  "2.5.4.5": "SERIALNUMBER",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "STREET",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "T",
  "2.5.4.42": "GIVENNAME",
  "2.5.4.97": "ORGANIZATIONIDENTIFIER",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "EMAILADDRESS",
};

const commonNameType = "2.5.4.3";

/**
 * A distinguished name for people: most specific attribute first, `, ` between, special characters escaped as in RFC 4514
 * §2.4. Not safe for a terminal by itself: see `escapeText`.
 */
export function formatName(name: Name): string {
  return name.rdns
    .toReversed()
    .map((rdn) => rdn.map(formatAttribute).join(" + "))
    .join(", ");
}

function formatAttribute({ type, text, der }: AttributeTypeAndValue): string {
  return `${keywords[type] ?? type}=${text === undefined ? `#${toHex(der)}` : escapeValue(text)}`;
}

function escapeValue(text: string): string {
  return text.replace(/[,+"\\<>;\0]|^[ #]| $/g, (character) => (character === "\0" ? "\\00" : `\\${character}`));
}

/** Every Common Name, as written. */
export function commonNames(name: Name): readonly string[] {
  return name.rdns.flatMap((rdn) =>
    rdn.flatMap(({ type, text }) => (type === commonNameType && text !== undefined ? [text] : [])),
  );
}
