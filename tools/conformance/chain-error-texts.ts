/**
 * What the suite's texts mean in our codes: any of them is the same reason. A text that is not here belongs to a rule that
 * we do not have on purpose.
 */
const texts: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^Time is before notBefore/, ["not-yet-valid"]],
  [/^Time is after notAfter/, ["expired"]],
  // An anchor of another name is no candidate here, so that its key is never tried.
  [/^VerifySignedData failed/, ["signature-invalid", "sig-key-type-mismatch", "issuer-not-found"]],
  [/^Basic Constraints indicates not a CA/, ["not-a-ca"]],
  [/^Does not have Basic Constraints/, ["basic-constraints-missing"]],
  [/^keyCertSign bit is not set/, ["key-usage-no-cert-sign"]],
  [
    /^The extended key usage does not include (?:server|client) auth/,
    ["eku-not-permitted", "ca-eku-not-permitted", "eku-missing"],
  ],
  [/^Unconsumed critical extension/, ["unknown-critical-extension"]],
  [/^Couldn't parse SubjectPublicKeyInfo/, ["sig-alg-unsupported"]],
  [/^(?:Unacceptable|Invalid or unsupported) signature algorithm/, ["sig-alg-weak", "sig-alg-unsupported"]],
  [/^Unacceptable public key/, ["key-too-weak", "key-too-big", "key-curve-not-allowed", "ec-explicit-curve"]],
  [/^Too many name constraints checks/, ["budget-name-constraints", "der-too-many-names"]],
  [/^Not permitted by name constraints/, ["nc-not-permitted", "nc-excluded"]],
  [/^max_path_length reached/, ["path-length-exceeded"]],
  [/^No valid policy/, ["policy-explicit-required"]],
  [/^Invalid policy mapping/, ["policy-mapping-any"]],
  [/^(?:Distrusted by trust store|Certificate is not a trust anchor)/, ["not-an-anchor", "issuer-not-found"]],
  [/^subject does not match issuer/, ["issuer-not-found"]],
  [/^Certificate\.signatureAlgorithm/, ["der-sigalg-mismatch"]],
  [
    /^Fail(?:ed|ure) parsing/,
    ["der-bad-value", "der-trailing-data", "der-truncated", "der-unexpected-tag", "der-bad-integer"],
  ],
];

export function isError(line: string): boolean {
  return line.startsWith("ERROR: ");
}

export function codesOfError(line: string): readonly string[] | undefined {
  const text = line.slice("ERROR: ".length);
  return texts.find(([pattern]) => pattern.test(text))?.[1];
}
