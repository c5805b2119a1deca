import {
  encodeAsciiString,
  encodeElement,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  encodeUtf8String,
} from "../der/der-writer.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";

/**
 * A distinguished name to encode: `{ C: "DE", O: "Partner", CN: "Partner Root" }`, least specific first, one attribute
 * per RDN; or the encoded Name itself, which is how an issuer's name is copied exactly (RFC 5280 §4.1.2.4).
 */
export type NameDescription = Uint8Array | NameAttributes;
export type NameAttributes = { readonly [K in keyof typeof attributeOid]?: string };

/** RFC 4519 and RFC 5280 appendix A.1. */
const attributeOid = {
  CN: "2.5.4.3",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  DC: "0.9.2342.19200300.100.1.25",
  UID: "0.9.2342.19200300.100.1.1",
  serialNumber: "2.5.4.5",
  emailAddress: "1.2.840.113549.1.9.1",
} as const;

/** RFC 5280 appendix A.1 fixes the string type of these; everything else is a UTF8String. */
const stringTag: { readonly [attribute: string]: number } = {
  C: tag.printableString,
  serialNumber: tag.printableString,
  DC: tag.ia5String,
  emailAddress: tag.ia5String,
};

/** A Name with its header. Throws on text that its string type cannot hold. */
export function encodeName(name: NameDescription): Uint8Array {
  if (name instanceof Uint8Array) return name;
  const rdns = Object.entries(name).map(([attribute, text]) => {
    const type = encodeOid(attributeOid[attribute as keyof typeof attributeOid]);
    const asciiTag = stringTag[attribute];
    return encodeSetOf(encodeSequence(type, asciiTag ? encodeAsciiString(text, asciiTag) : encodeUtf8String(text)));
  });
  return encodeSequence(...rdns);
}

/** RFC 5280 §4.2.1.6. `ip` is 4 or 16 octets, in name constraints followed by as many of mask. */
export type GeneralNameDescription =
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly uri: string }
  | { readonly ip: Uint8Array }
  | { readonly directoryName: NameDescription };

export function encodeGeneralName(name: GeneralNameDescription): Uint8Array {
  if ("dns" in name) return encodeAsciiString(name.dns, contextTag(2));
  if ("email" in name) return encodeAsciiString(name.email, contextTag(1));
  if ("uri" in name) return encodeAsciiString(name.uri, contextTag(6));
  if ("ip" in name) return encodeElement(contextTag(7), name.ip);
  return encodeElement(contextConstructedTag(4), encodeName(name.directoryName));
}
