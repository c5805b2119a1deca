import type { Certificate } from "../../certificate/certificate.ts";
import { checkKey } from "../../signature/check-key.ts";
import { checkSignatureAlgorithm } from "../../signature/check-signature.ts";
import { chargeSignature } from "../budget.ts";
import type { PathCheck, PathContext, Stop } from "../path-check.ts";

/** RFC 5280 §6.1.3 (a)(1). The anchor's own signature says nothing: we trust it, not what signed it. */
export const checkIssuerSignature: PathCheck = (path, index, context) => {
  const child = path[index];
  const issuer = path[index + 1];
  if (child === undefined || issuer === undefined) return undefined;
  const known = context.signatures.get(child);
  if (known?.has(issuer)) return known.get(issuer);
  const stop = verify(child, issuer, context);
  // What a spent budget left unverified is not known to be wrong.
  if (context.budget.exhausted === undefined) remember(context, child, issuer, stop);
  return stop;
};

function verify(child: Certificate, issuer: Certificate, context: PathContext): Stop | undefined {
  const checked = checkSignatureAlgorithm(child, issuer, context);
  if ("problem" in checked) return checked.problem;
  if (!chargeSignature(context.budget, issuer.publicKey.key))
    return { code: context.budget.exhausted ?? "budget-signatures" };
  if (context.crypto.verifySignature(checked.scheme, issuer.publicKey, child.tbs, child.signature)) return undefined;
  return { code: "signature-invalid" };
}

function remember(context: PathContext, child: Certificate, issuer: Certificate, stop: Stop | undefined): void {
  const byIssuer = context.signatures.get(child) ?? new Map<Certificate, Stop | undefined>();
  byIssuer.set(issuer, stop);
  context.signatures.set(child, byIssuer);
}

/** The key of every certificate, the leaf's included: the handshake relies on it. */
export const checkKeyStrength: PathCheck = (path, index) => {
  const certificate = path[index];
  return certificate === undefined ? undefined : checkKey(certificate.publicKey);
};
