import type { Certificate } from "../../certificate/certificate.ts";
import { formatName } from "../../certificate/format-name.ts";
import type { CertificateRevocationList } from "../../crl/certificate-revocation-list.ts";
import { checkKey } from "../../signature/check-key.ts";
import { checkSignatureAlgorithm } from "../../signature/check-signature.ts";
import { chargeSignature } from "../budget.ts";
import type { PathCheck, PathContext, Stop } from "../path-check.ts";

/** RFC 5280 §6.1.3 (a)(1). The anchor's own signature says nothing: we trust it, not what signed it. */
export const checkIssuerSignature: PathCheck = (path, index, context) => {
  const child = path[index];
  const issuer = path[index + 1];
  return child === undefined || issuer === undefined ? undefined : checkSignedBy(child, issuer, context);
};

/** Whether `issuer`'s key signed it; each pair is verified once in a verification. */
export function checkSignedBy(
  signed: Certificate | CertificateRevocationList,
  issuer: Certificate,
  context: PathContext,
): Stop | undefined {
  const known = context.signatures.get(signed);
  if (known?.has(issuer)) return known.get(issuer);
  const stop = verify(signed, issuer, context);
  // What a spent budget left unverified is not known to be wrong.
  if (context.budget.exhausted !== undefined) return stop;
  if (known === undefined) context.signatures.set(signed, new Map([[issuer, stop]]));
  else known.set(issuer, stop);
  return stop;
}

function verify(
  signed: Certificate | CertificateRevocationList,
  issuer: Certificate,
  context: PathContext,
): Stop | undefined {
  const checked = checkSignatureAlgorithm(signed, issuer, context);
  if ("problem" in checked) return checked.problem;
  if (!chargeSignature(context.budget, issuer.publicKey.key))
    return { code: context.budget.exhausted ?? "budget-signatures" };
  if (context.crypto.verifySignature(checked.scheme, issuer.publicKey, signed.tbs, signed.signature)) return undefined;
  return { code: "signature-invalid", expected: `a signature by the key of ${formatName(issuer.subject)}` };
}

/** The key of every certificate, the leaf's included: the handshake relies on it. */
export const checkKeyStrength: PathCheck = (path, index) => {
  const certificate = path[index];
  return certificate === undefined ? undefined : checkKey(certificate.publicKey);
};
