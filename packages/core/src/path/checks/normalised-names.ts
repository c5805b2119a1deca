import type { Certificate } from "../../certificate/certificate.ts";
import type { GeneralName } from "../../certificate/general-name.ts";
import type { Name } from "../../certificate/name.ts";
import { DerFault } from "../../der/der-problem.ts";
import { DerReader } from "../../der/der-reader.ts";
import { readOid } from "../../der/oid.ts";
import { decodeString } from "../../der/string.ts";
import { contextConstructedTag, tag } from "../../der/tag.ts";
import { toHex } from "../../text/hex.ts";

/** A name of a certificate in the form in which constraints compare it; `form: "malformed"` cannot be compared. */
export type ComparableName =
  | { readonly form: "dNSName"; readonly host: string; readonly wildcard: boolean }
  | { readonly form: "iPAddress"; readonly octets: Uint8Array }
  | { readonly form: "rfc822Name"; readonly local: string; readonly host: string }
  | { readonly form: "uniformResourceIdentifier"; readonly host: string }
  | { readonly form: "directoryName"; readonly canonical: string; readonly name: Name }
  | { readonly form: "unsupported"; readonly of: GeneralName["form"] }
  | { readonly form: "malformed"; readonly of: GeneralName["form"]; readonly text: string };

/** Names are normalised once per certificate: doing it per comparison cost half a second on a hostile chain. */
export type NameMemo = Map<Certificate, readonly ComparableName[]>;

const emailAddressType = "1.2.840.113549.1.9.1";
/** id-on-SmtpUTF8Mailbox, RFC 9598 §3. */
const smtpUtf8Mailbox = "1.3.6.1.5.5.7.8.9";

/** All names that RFC 5280 §6.1.3 (b) and (c) constrain: the subject, every subjectAltName, and e-mail in the subject without one. */
export function comparableNames(certificate: Certificate, memo: NameMemo): readonly ComparableName[] {
  const known = memo.get(certificate);
  if (known !== undefined) return known;
  const { subject, extensions } = certificate;
  const names: ComparableName[] = (extensions.subjectAltName ?? []).flatMap(normalise);
  if (subject.rdns.length > 0) names.push({ form: "directoryName", canonical: subject.canonical, name: subject });
  // §4.2.1.10: the legacy place of e-mail addresses counts only where there is no subjectAltName.
  if (extensions.subjectAltName === undefined) names.push(...subjectMailboxes(certificate));
  memo.set(certificate, names);
  return names;
}

function subjectMailboxes({ subject }: Certificate): readonly ComparableName[] {
  return subject.rdns.flatMap((rdn) =>
    rdn.flatMap(({ type, text }) => (type === emailAddressType ? [normaliseMailbox(text ?? "")] : [])),
  );
}

function normalise(name: GeneralName): ComparableName | readonly ComparableName[] {
  switch (name.form) {
    case "dNSName":
      return normaliseDns(name.text);
    case "rfc822Name":
      return normaliseMailbox(name.text);
    case "uniformResourceIdentifier":
      return normaliseUri(name.text);
    case "iPAddress":
      return name.octets.length === 4 || name.octets.length === 16
        ? { form: "iPAddress", octets: name.octets }
        : { form: "malformed", of: "iPAddress", text: toHex(name.octets) };
    case "directoryName":
      return { form: "directoryName", canonical: name.name.canonical, name: name.name };
    case "otherName":
      return [{ form: "unsupported", of: "otherName" }, ...otherMailboxes(name.der)];
    default:
      return { form: "unsupported", of: name.form };
  }
}

/**
 * RFC 9598 §6: constraints on rfc822Name hold for SmtpUTF8Mailbox too, or a CA held to some addresses could vouch for any. Its domain
 * is in ASCII (§3), as those of the constraints are; one that is not cannot be compared.
 */
function otherMailboxes(der: Uint8Array): readonly ComparableName[] {
  try {
    const body = new DerReader(der).enter(contextConstructedTag(0), "an otherName");
    if (readOid(body) !== smtpUtf8Mailbox) return [];
    const value = body.enter(contextConstructedTag(0), "the value of an otherName");
    value.expect(tag.utf8String, "a SmtpUTF8Mailbox");
    return [normaliseMailbox(decodeString(tag.utf8String, value.content()) ?? "")];
  } catch (fault) {
    // What is none is no mailbox, and may be one to whoever reads it otherwise.
    if (fault instanceof DerFault) return [{ form: "malformed", of: "rfc822Name", text: toHex(der) }];
    throw fault;
  }
}

function normaliseDns(text: string): ComparableName {
  const wildcard = text.startsWith("*.");
  const host = (wildcard ? text.slice(2) : text).toLowerCase();
  return isHostname(host) ? { form: "dNSName", host, wildcard } : { form: "malformed", of: "dNSName", text };
}

/** RFC 5280 §4.2.1.6: local-part@host, without display name or comment. */
function normaliseMailbox(text: string): ComparableName {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const host = text.slice(at + 1).toLowerCase();
  return isLocalPart(local) && isHostname(host)
    ? { form: "rfc822Name", local, host }
    : { form: "malformed", of: "rfc822Name", text };
}

/** Before the at sign, which a quoted one could hold: such addresses are not compared. */
export function isLocalPart(local: string): boolean {
  return local !== "" && !/[\s@<>]/.test(local);
}

/** RFC 5280 §4.2.1.10: the constraint applies to the host, so a URI without a host name cannot satisfy one. */
function normaliseUri(text: string): ComparableName {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::[0-9]*)?(?:[/?#]|$)/.exec(text);
  const host = authority?.[1]?.toLowerCase();
  if (host === undefined || !isHostname(host) || /^[0-9.]+$/.test(host)) {
    return { form: "malformed", of: "uniformResourceIdentifier", text };
  }
  return { form: "uniformResourceIdentifier", host };
}

/** Labels of letters, digits, hyphens and (as in use) underscores, RFC 1034 §3.5 with RFC 1123 §2.1; at most 253 in all. */
export function isHostname(host: string): boolean {
  return (
    host.length <= 253 &&
    /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/.test(host)
  );
}
