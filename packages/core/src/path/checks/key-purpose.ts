import { keyPurpose } from "../../certificate/extension-oid.ts";
import type { PathCheck } from "../path-check.ts";

/**
 * RFC 5280 §4.2.1.12 for the leaf. On CA certificates the extension is treated as a constraint on what they issue, as OpenSSL,
 * Go and webpki do, though §6 does not say so. Absent, it allows everything, unless the caller wants the purpose spelled out
 * on the leaf: then anyExtendedKeyUsage is not enough either (last paragraph of the clause).
 */
export const checkExtendedKeyUsage: PathCheck = (path, index, { purpose, requireEku }) => {
  if (purpose === "any") return undefined;
  const purposes = path[index]?.extensions.extendedKeyUsage;
  const mustName = requireEku && index === 0;
  if (purposes === undefined) return mustName ? { code: "eku-missing", expected: purpose, actual: "none" } : undefined;
  if (purposes.includes(keyPurpose[purpose]) || (!mustName && purposes.includes(keyPurpose.any))) return undefined;
  return {
    code: index === 0 ? "eku-not-permitted" : "ca-eku-not-permitted",
    expected: purpose,
    actual: purposes.join(", "),
  };
};

/** RFC 5280 §4.2.1.3: the client proves possession of its key by a signature (RFC 8446 §4.4.3). */
export const checkDigitalSignature: PathCheck = (path, index, { purpose }) => {
  const keyUsage = path[0]?.extensions.keyUsage;
  if (index !== 0 || purpose !== "clientAuth" || keyUsage === undefined || keyUsage.digitalSignature) return undefined;
  return { code: "key-usage-not-permitted", expected: "digitalSignature", actual: "a keyUsage without it" };
};
