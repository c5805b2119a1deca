import type { Certificate } from "../certificate/certificate.ts";
import type { PublicKeyFacts } from "../certificate/subject-public-key-info.ts";
import { checkKey, type KeyProblem } from "./check-key.ts";
import type { CryptoPort } from "./crypto-port.ts";
import { pssScheme, schemeOf } from "./scheme-of.ts";
import type { SignatureScheme } from "./signature-scheme.ts";

export type SignaturePolicy = { readonly allowSha1: boolean };

export type SignatureProblem = {
  readonly code: KeyProblem["code"] | "sig-alg-weak" | "sig-key-type-mismatch" | "signature-invalid";
  readonly expected: string;
  readonly actual: string;
};

const keyTypes: Readonly<Record<SignatureScheme["type"], readonly PublicKeyFacts["type"][]>> = {
  "rsa-pkcs1": ["rsa"],
  // RFC 4055 §1.2: an rsaEncryption key may sign with PSS too.
  "rsa-pss": ["rsa", "rsa-pss"],
  ecdsa: ["ec"],
  ed25519: ["ed25519"],
  ed448: ["ed448"],
  "ml-dsa-44": ["ml-dsa-44"],
  "ml-dsa-65": ["ml-dsa-65"],
  "ml-dsa-87": ["ml-dsa-87"],
};

/** What can be said of `child`'s signature under `issuer`'s key without any cryptography; undefined: go and verify it. */
export function checkSignatureAlgorithm(
  child: Pick<Certificate, "signatureAlgorithm">,
  issuer: Pick<Certificate, "publicKey">,
  policy: SignaturePolicy,
): { readonly scheme: SignatureScheme } | { readonly problem: SignatureProblem } {
  const scheme = schemeOf(child.signatureAlgorithm);
  if (scheme === undefined) {
    return {
      problem: {
        code: "sig-alg-unsupported",
        expected: "a signature algorithm we verify",
        actual: child.signatureAlgorithm.oid,
      },
    };
  }
  const weak = weakness(scheme, policy);
  if (weak !== undefined) return { problem: { code: "sig-alg-weak", expected: "SHA-2", actual: weak } };
  const keyProblem = checkKey(issuer.publicKey);
  if (keyProblem !== undefined) return { problem: keyProblem };
  const { type } = issuer.publicKey.key;
  if (!keyTypes[scheme.type].includes(type) || !pssAgrees(issuer, scheme)) {
    return { problem: { code: "sig-key-type-mismatch", expected: keyTypes[scheme.type].join(" or "), actual: type } };
  }
  return { scheme };
}

/** The name of the broken hash, where there is one. */
export function weakness(scheme: SignatureScheme, { allowSha1 }: SignaturePolicy): "MD5" | "SHA-1" | undefined {
  if (!("hash" in scheme)) return undefined;
  if (scheme.hash === "md5") return "MD5";
  return scheme.hash === "sha1" && !allowSha1 ? "SHA-1" : undefined;
}

/** RFC 4055 §3.3: parameters in a PSS key bind every signature made with it: its hash, and its salt at the least. */
function pssAgrees(issuer: Pick<Certificate, "publicKey">, scheme: SignatureScheme): boolean {
  const { key, algorithm } = issuer.publicKey;
  if (scheme.type !== "rsa-pss" || key.type !== "rsa-pss" || algorithm.parameters === undefined) return true;
  const bound = pssScheme(algorithm.parameters);
  return bound !== undefined && bound.hash === scheme.hash && bound.saltLength <= scheme.saltLength;
}

/** Whether `issuer`'s key made `child`'s signature; undefined when it did. Looks at nothing but algorithm, key and bytes. */
export function checkSignature(
  child: Certificate,
  issuer: Certificate,
  policy: SignaturePolicy,
  crypto: CryptoPort,
): SignatureProblem | undefined {
  const checked = checkSignatureAlgorithm(child, issuer, policy);
  if ("problem" in checked) return checked.problem;
  if (crypto.verifySignature(checked.scheme, issuer.publicKey, child.tbs, child.signature)) return undefined;
  return { code: "signature-invalid", expected: "a signature by the issuer's key", actual: "one that does not verify" };
}
