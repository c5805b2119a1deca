import { toHex } from "../text/hex.ts";
import type { Certificate, UnixSeconds } from "./certificate.ts";

/** `2023-04-25T22:49:13Z`. */
export function formatTime(time: UnixSeconds): string {
  return new Date(time * 1000).toISOString().replace(".000Z", "Z");
}

/** Lower-case hex without the sign octet of a positive number; at least one octet. */
export function formatSerialNumber({ serialNumber }: Pick<Certificate, "serialNumber">): string {
  const skip = serialNumber.length > 1 && serialNumber[0] === 0 ? 1 : 0;
  return toHex(serialNumber.subarray(skip));
}

const algorithmNames: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.2": "MD2WITHRSA",
  "1.2.840.113549.1.1.4": "MD5WITHRSA",
  "1.2.840.113549.1.1.5": "SHA1WITHRSA",
  "1.2.840.113549.1.1.10": "RSASSA-PSS",
  "1.2.840.113549.1.1.11": "SHA256WITHRSA",
  "1.2.840.113549.1.1.12": "SHA384WITHRSA",
  "1.2.840.113549.1.1.13": "SHA512WITHRSA",
  "1.2.840.113549.1.1.14": "SHA224WITHRSA",
  "1.2.840.10040.4.3": "SHA1WITHDSA",
  "2.16.840.1.101.3.4.3.2": "SHA256WITHDSA",
  "1.2.840.10045.4.1": "SHA1WITHECDSA",
  "1.2.840.10045.4.3.1": "SHA224WITHECDSA",
  "1.2.840.10045.4.3.2": "SHA256WITHECDSA",
  "1.2.840.10045.4.3.3": "SHA384WITHECDSA",
  "1.2.840.10045.4.3.4": "SHA512WITHECDSA",
  "1.3.101.112": "ED25519",
  "1.3.101.113": "ED448",
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
  "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
  "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
};

/** The name that mETS shows, such as SHA256WITHRSA; dotted decimal for an algorithm without one. */
export function formatSignatureAlgorithm({ signatureAlgorithm }: Pick<Certificate, "signatureAlgorithm">): string {
  return algorithmNames[signatureAlgorithm.oid] ?? signatureAlgorithm.oid;
}
