import type { FindingCode } from "../rules/finding-code.ts";
import type { Finding } from "../rules/finding.ts";

type Text = { readonly title: string; readonly detail: (evidence: Finding["evidence"]) => string };

/** One sentence for API, command line and console: what is wrong, and what to do. Exhaustive over the codes. */
const texts: Readonly<Record<Exclude<FindingCode, `profile-${string}`>, Text>> = {
  "malformed-certificate": {
    title: "Malformed certificate",
    detail: ({ reason, offset, line, expected }) =>
      `The certificate cannot be read (${show(reason)}${offset === undefined ? "" : ` at byte ${show(offset)}`}${line === undefined ? "" : `, line ${show(line)}`}): expected ${show(expected)}. Export it again as PEM.`,
  },
  "unexpected-pem-block": {
    title: "Not a certificate",
    detail: ({ label, line }) =>
      `The input has a block "${show(label ?? "without label")}" in line ${show(line)}, and only CERTIFICATE blocks are accepted. It was not stored. If it is a private key, consider whether it has been exposed.`,
  },
  "several-certificates": {
    title: "Several certificates in one field",
    detail: ({ actual }) => `One certificatePem holds ${show(actual)} certificates. Send each in an entry of its own.`,
  },
  "not-a-ca-certificate": {
    title: "Not a CA certificate",
    detail: ({ actual }) =>
      `The certificate is not one of a CA (${show(actual)}). Upload the certificate of the CA that issued it instead.`,
  },
  "legacy-v1-root": {
    title: "Version 1 root",
    detail: () =>
      "The root is an X.509 version 1 certificate, which cannot constrain what is issued under it. Ask the CA for a successor.",
  },
  "key-usage-not-cert-sign": {
    title: "CA may not sign certificates",
    detail: () =>
      "The certificate's keyUsage lacks keyCertSign, so nothing issued by it would be accepted. Ask the CA for the right certificate.",
  },
  "expired-certificate": {
    title: "Expired certificate",
    detail: ({ expiryDate }) =>
      `The certificate expired on ${show(expiryDate)}. Remove it, or replace it by its renewal.`,
  },
  "not-yet-valid-certificate": {
    title: "Certificate not yet valid",
    detail: ({ startDate }) => `The certificate becomes valid on ${show(startDate)}. Add it then.`,
  },
  "expiring-certificate": {
    title: "Certificate expires soon",
    detail: ({ expiryDate, daysLeft }) =>
      `The certificate expires on ${show(expiryDate)}, in ${show(daysLeft)} days. Plan its rotation.`,
  },
  "insecure-signature-algorithm": {
    title: "Insecure signature algorithm",
    detail: ({ signatureAlgorithm, allowable }) =>
      `The certificate is signed with ${show(signatureAlgorithm)}.${allowable === true ? " Replace it, or set allowInsecureSha1 for this version." : " Replace it; this algorithm is never accepted."}`,
  },
  "weak-key": {
    title: "Unacceptable key",
    detail: ({ expected, actual }) =>
      `The certificate's key is not acceptable: expected ${show(expected)}, found ${show(actual)}. Ask the CA for a certificate with a current key.`,
  },
  "duplicate-certificate": {
    title: "Duplicate certificate",
    detail: ({ firstIndex }) =>
      `The certificate is the same as the one at position ${show(firstIndex)} and is kept once.`,
  },
  "same-common-name": {
    title: "Same Common Name",
    detail: ({ commonName, other }) => {
      const { index, subject, fingerprint } = (other ?? {}) as Readonly<Record<string, unknown>>;
      return `Another certificate has the Common Name "${show(commonName)}": position ${show(index)}, ${show(subject)}, SHA-256 ${show(fingerprint)}. Remove one, or set allowDuplicateCommonNames for a rotation.`;
    },
  },
  "issuer-not-in-set": {
    title: "Issuer not in the set",
    detail: ({ issuer, cycle }) =>
      cycle === true
        ? "The certificate chains in a circle and to no self-signed root. Add the root, or turn Require Root Certificate off."
        : `The set has no certificate of the issuer "${show(issuer)}". Add it up to the self-signed root, or turn Require Root Certificate off.`,
  },
  "broken-chain": {
    title: "Broken chain",
    detail: ({ issuer }) =>
      `The set holds "${show(issuer)}", but with another key than the one that signed this certificate. Add the issuer's certificate with the right key, or remove the wrong one.`,
  },
  "constraint-conflict": {
    title: "Constraints leave no valid client",
    detail: ({ issuer, constraint }) =>
      `The ${show(constraint)} of "${show(issuer)}" leaves nothing that this CA could issue under it. It works as an anchor of its own only.`,
  },
  "ca-list-too-large": {
    title: "List of CA names too large",
    detail: ({ actual, hardLimit }) =>
      `The names of all CAs take ${show(actual)} bytes in a handshake; TLS allows ${show(hardLimit)}. Do not send the names to clients, or use fewer CAs.`,
  },
  "certificate-limit-reached": {
    title: "Too many certificates",
    detail: ({ actual, limit }) =>
      `The version has ${show(actual)} certificates; at most ${show(limit)} are allowed. Split the set.`,
  },
};

const profileText: Text = {
  title: "Deviates from the certificate profile",
  detail: ({ offset }) =>
    `The certificate deviates from the profile of RFC 5280 at byte ${show(offset)}. Strict software may refuse it; nothing to do here.`,
};

function textOf(code: FindingCode): Text {
  return code.startsWith("profile-") ? profileText : texts[code as keyof typeof texts];
}

export function findingTitle(code: FindingCode): string {
  return textOf(code).title;
}

export function findingDetail({ code, evidence }: Pick<Finding, "code" | "evidence">): string {
  return textOf(code).detail(evidence);
}

function show(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value ?? "unknown");
}
