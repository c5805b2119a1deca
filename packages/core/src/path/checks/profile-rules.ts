import type { Certificate } from "../../certificate/certificate.ts";
import { readDistributionPoints } from "../../certificate/distribution-point.ts";
import { extensionOid } from "../../certificate/extension-oid.ts";
import type { GeneralName } from "../../certificate/general-name.ts";
import { DerFault } from "../../der/der-problem.ts";
import { DerReader } from "../../der/der-reader.ts";
import { readOid } from "../../der/oid.ts";
import { tag } from "../../der/tag.ts";
import { toHex } from "../../text/hex.ts";

/** One MUST of the profile that the decoder does not note: what breaks it, in words, or undefined. */
export type ProfileRule = {
  readonly cites: string;
  readonly violation: (certificate: Certificate) => string | undefined;
};

export const profileRules: readonly ProfileRule[] = [
  rule("RFC 5280 §4.1.2.1", ({ version }) => (version === 3 ? undefined : `version ${version}`)),
  rule("RFC 5280 §4.2.1.3", ({ extensions }) =>
    extensions.basicConstraints?.cA && extensions.keyUsage === undefined ? "a CA without keyUsage" : undefined,
  ),
  rule("RFC 5280 §4.2.1.9", ({ extensions: { basicConstraints, keyUsage } }) =>
    keyUsage?.keyCertSign && !basicConstraints?.cA ? "keyCertSign without cA" : undefined,
  ),
  rule("RFC 5280 §4.2.1.9", ({ extensions: { basicConstraints, keyUsage } }) =>
    basicConstraints?.pathLenConstraint !== undefined && !keyUsage?.keyCertSign
      ? "pathLenConstraint without keyCertSign"
      : undefined,
  ),
  rule("RFC 5280 §4.2.1.10", ({ extensions }) =>
    extensions.nameConstraints !== undefined && !extensions.basicConstraints?.cA
      ? "nameConstraints in a certificate that is no CA's"
      : undefined,
  ),
  rule("RFC 5280 §4.2.1.14", ({ extensions }) =>
    extensions.all.get(extensionOid.inhibitAnyPolicy)?.critical === false ? "inhibitAnyPolicy not critical" : undefined,
  ),
  rule("RFC 5280 §4.2.1.6", ({ extensions }) => extensions.subjectAltName?.map(malformedName).find(Boolean)),
  rule("RFC 5280 §4.2.1.13", (certificate) => unreadable(() => readDistributionPoints(certificate))),
  rule("RFC 5280 §4.2.2.1", ({ extensions }) => unreadableAccess(extensions.all.get(extensionOid.authorityInfoAccess))),
  rule("RFC 5280 §4.2.2.2", ({ extensions }) => unreadableAccess(extensions.all.get(extensionOid.subjectInfoAccess))),
  rule("CA/Browser Forum BR §6.1.5", ({ publicKey: { key } }) =>
    "modulusBits" in key && key.modulusBits % 8 !== 0 ? `an RSA modulus of ${key.modulusBits} bits` : undefined,
  ),
];

function rule(cites: string, violation: ProfileRule["violation"]): ProfileRule {
  return { cites, violation };
}

/** The name when it is not in the syntax that §4.2.1.6 asks for. */
function malformedName(name: GeneralName): string | undefined {
  switch (name.form) {
    case "dNSName":
      return isPreferredName(name.text) ? undefined : `dNSName ${name.text}`;
    case "rfc822Name":
      return isMailbox(name.text) ? undefined : `rfc822Name ${name.text}`;
    case "uniformResourceIdentifier":
      return /^[A-Za-z][A-Za-z0-9+.-]*:./.test(name.text) ? undefined : `uniformResourceIdentifier ${name.text}`;
    case "iPAddress":
      return name.octets.length === 4 || name.octets.length === 16 ? undefined : `iPAddress ${toHex(name.octets)}`;
    default:
      return undefined;
  }
}

/** RFC 1034 §3.5 and RFC 1123 §2.1: the last label is never all digits, so that no address looks like a name. */
function isPreferredName(text: string): boolean {
  const labels = (text.startsWith("*.") ? text.slice(2) : text).split(".");
  const last = labels[labels.length - 1] ?? "";
  return text.length <= 253 && labels.every((label) => hostLabel.test(label)) && !/^[0-9]+$/.test(last);
}

const hostLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** RFC 5321 §4.1.2: a dot-string or a quoted string, and a domain. */
function isMailbox(text: string): boolean {
  const at = text.lastIndexOf("@");
  return mailboxLocalPart.test(text.slice(0, Math.max(at, 0))) && isPreferredName(text.slice(at + 1));
}

const mailboxLocalPart = /^(?:[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*|"(?:[^"\\]|\\.)*")$/;

function unreadable(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (fault) {
    if (fault instanceof DerFault) return fault.message;
    throw fault;
  }
}

/** SEQUENCE SIZE (1..MAX) OF AccessDescription. */
function unreadableAccess(extension: { readonly value: Uint8Array } | undefined): string | undefined {
  if (extension === undefined) return undefined;
  return unreadable(() => {
    const reader = new DerReader(extension.value);
    const list = reader.enter(tag.sequence, "AccessDescriptions");
    reader.finish("AccessDescriptions");
    if (list.atEnd) throw new DerFault("der-empty-sequence", list.position, "at least one AccessDescription");
    while (!list.atEnd) readAccessDescription(list.enter(tag.sequence, "an AccessDescription"));
  });
}

function readAccessDescription(body: DerReader): void {
  readOid(body);
  // GeneralName is a choice of [0] to [8].
  if ((body.next() & 0xdf) < 0x80 || (body.tag & 0x1f) > 8)
    throw new DerFault("der-unexpected-tag", body.start, "an accessLocation");
  body.finish("an AccessDescription");
}
