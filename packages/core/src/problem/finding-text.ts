import type { FindingCode } from "../rules/finding-code.ts";
import type { Finding } from "../rules/finding.ts";
import { escapeText } from "../text/escape-text.ts";

/** What a sentence calls things by: programs have positions and names of fields, people what they see in front of them. */
export type FindingWords = {
  /** Another certificate that was handed in, by its index. */
  readonly certificate: (index: number) => string;
  readonly option: (name: "allowInsecureSha1" | "allowDuplicateCommonNames") => string;
  /** From ISO 8601. */
  readonly time: (iso: string) => string;
};

/** Positions count from 0 for programs, and from 1 for people. */
const ofTheApi: FindingWords = {
  certificate: (index) => `certificate ${index + 1}`,
  option: (name) => name,
  time: (iso) => iso,
};

type Text = {
  readonly title: string;
  readonly detail: (evidence: Finding["evidence"], words: FindingWords) => string;
};

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
      `The input has a block "${show(label ?? "without label")}" in line ${show(line)}, and only CERTIFICATE blocks are accepted. ${adviceFor(label)}`,
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
    detail: ({ expiryDate }, { time }) =>
      `The certificate expired on ${shownTime(expiryDate, time)}. Remove it, or replace it by its renewal.`,
  },
  "not-yet-valid-certificate": {
    title: "Certificate not yet valid",
    detail: ({ startDate }, { time }) => `The certificate becomes valid on ${shownTime(startDate, time)}. Add it then.`,
  },
  "expiring-certificate": {
    title: "Certificate expires soon",
    detail: ({ expiryDate, daysLeft }, { time }) =>
      `The certificate expires ${inDays(daysLeft)}, on ${shownTime(expiryDate, time)}. Plan its rotation.`,
  },
  "insecure-signature-algorithm": {
    title: "Insecure signature algorithm",
    detail: ({ signatureAlgorithm, allowable }, { option }) =>
      `The certificate is signed with ${show(signatureAlgorithm)}.${allowable === true ? ` Replace it, or set ${option("allowInsecureSha1")} for this version.` : " Replace it; this algorithm is never accepted."}`,
  },
  "weak-key": {
    title: "Unacceptable key",
    detail: ({ expected, actual }) =>
      `The certificate's key is not acceptable: expected ${show(expected)}, found ${show(actual)}. Ask the CA for a certificate with a current key.`,
  },
  "duplicate-certificate": {
    title: "Duplicate certificate",
    detail: ({ firstIndex }, words) =>
      `The certificate is the same as ${other(firstIndex, words)} and is kept once. Remove one of the two to be rid of this.`,
  },
  "same-common-name": {
    title: "Same Common Name",
    detail: ({ commonName, other: twin }, words) => {
      const { index, subject, fingerprint } = (twin ?? {}) as Readonly<Record<string, unknown>>;
      return `Another certificate has the Common Name "${show(commonName)}": ${other(index, words)}, ${show(subject)}, SHA-256 ${show(fingerprint)}. Remove one, or set ${words.option("allowDuplicateCommonNames")} for a rotation.`;
    },
  },
  "issuer-not-in-set": {
    title: "Issuer not in the set",
    detail: ({ issuer, reason }) =>
      reason === "cycle"
        ? "The certificate chains in a circle and to no self-signed root. Add the root, or turn Require Root Certificate off."
        : reason === "not-signed-by-itself"
          ? `The certificate names itself as its issuer, but its own key did not make its signature. Export it again from the CA, or add the certificate of "${show(issuer)}" that did.`
          : `The set has no certificate of the issuer "${show(issuer)}". Add it up to the self-signed root, or turn Require Root Certificate off.`,
  },
  "broken-chain": {
    title: "Broken chain",
    detail: ({ issuer, reason }) =>
      reason === "sig-alg-unsupported"
        ? `The set holds "${show(issuer)}", but the certificate is signed by an algorithm that cannot be verified here. Ask the CA for one signed with RSA, ECDSA, EdDSA or ML-DSA.`
        : `The set holds "${show(issuer)}", but with another key than the one that signed this certificate. Add the issuer's certificate with the right key, or remove the wrong one.`,
  },
  "constraint-conflict": {
    title: "Constraints leave no valid client",
    detail: ({ issuer, constraint, unintelligible }) =>
      unintelligible === undefined
        ? `The ${show(constraint)} of "${show(issuer)}" leaves nothing that this CA could issue under it. Keep it as an anchor of its own, or remove it.`
        : `The CA's ${show(constraint)} have entries that RFC 5280 does not know: ${show(unintelligible)}. The built-in edge refuses all clients below it, though OpenSSL may let them in. Ask the CA for DNS names without a leading dot, and address masks without holes.`,
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

export function findingDetail({ code, evidence }: Pick<Finding, "code" | "evidence">, words = ofTheApi): string {
  return textOf(code).detail(evidence, words);
}

export function isFindingCode(code: string): code is FindingCode {
  return code.startsWith("profile-") || Object.hasOwn(texts, code);
}

function other(index: unknown, { certificate }: FindingWords): string {
  return typeof index === "number" ? certificate(index) : "another certificate";
}

function shownTime(iso: unknown, time: FindingWords["time"]): string {
  return typeof iso === "string" ? time(iso) : show(iso);
}

function inDays(days: unknown): string {
  return days === 0 ? "today" : `in ${show(days)} ${days === 1 ? "day" : "days"}`;
}

/** What a block of that label is, and what to send instead. */
function adviceFor(label: unknown): string {
  const text = typeof label === "string" ? label : "";
  if (text.endsWith("PRIVATE KEY"))
    return "The private key was not stored. Remove it, and consider whether it has been exposed.";
  if (text === "TRUSTED CERTIFICATE")
    return 'Convert it with "openssl x509 -in FILE", which drops the trust settings of OpenSSL.';
  if (/^X\.?509 CERTIFICATE$/.test(text)) return "Export it again, or write CERTIFICATE in both of its boundary lines.";
  if (text === "PKCS7" || text === "CMS")
    return 'Take the certificates out with "openssl pkcs7 -print_certs -in FILE".';
  if (text.endsWith("CERTIFICATE REQUEST")) return "Send the certificate that the CA issued for the request.";
  if (text === "X509 CRL") return "Revocation lists are no part of a CA set. Remove it.";
  return "It was not stored. Remove it, and if it is a private key, consider whether it has been exposed.";
}

/** Texts from certificates are made safe for terminals and logs here, once for everybody, and cut: a name may be huge. */
const maxShown = 256;

function show(value: unknown): string {
  const text =
    typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value ?? "unknown");
  return escapeText(text.length > maxShown ? `${text.slice(0, maxShown)}…` : text);
}
