import type { Certificate } from "../../certificate/certificate.ts";
import type { GeneralName, GeneralNameForm, NameConstraints } from "../../certificate/general-name.ts";
import { type ComparableName, isHostname, isLocalPart } from "./normalised-names.ts";

/** One base of a name constraint, ready to compare. */
export type Subtree =
  | { readonly form: "dNSName"; readonly host: string }
  | { readonly form: "iPAddress"; readonly address: Uint8Array; readonly mask: Uint8Array }
  | {
      readonly form: "rfc822Name";
      readonly local: string | undefined;
      readonly host: string;
      readonly subdomains: boolean;
    }
  | { readonly form: "uniformResourceIdentifier"; readonly host: string; readonly subdomains: boolean }
  | { readonly form: "directoryName"; readonly canonical: string }
  | { readonly form: "unsupported"; readonly of: GeneralName["form"] };

/** The subtrees of one CA by the form that they constrain: a name is compared with those of its own form only. */
export type Constraints = ReadonlyMap<GeneralNameForm, FormConstraints>;
export type FormConstraints = { readonly permitted: readonly Subtree[]; readonly excluded: readonly Subtree[] };

/** Constraints are made ready once per CA; undefined for those that say nothing intelligible. */
export type ConstraintMemo = Map<Certificate, Constraints | undefined>;

export function constraintsOf(
  certificate: Certificate,
  constraints: NameConstraints,
  memo: ConstraintMemo,
): Constraints | undefined {
  if (memo.has(certificate)) return memo.get(certificate);
  const parsed = parseConstraints(constraints);
  memo.set(certificate, parsed);
  return parsed;
}

/** The bases for which the constraints say nothing intelligible, so that no path through their CA is valid. */
export function unintelligibleBases(constraints: NameConstraints): readonly GeneralName[] {
  const { permittedSubtrees, excludedSubtrees, hasMinimumOrMaximum } = constraints;
  const bases = [...permittedSubtrees, ...excludedSubtrees];
  // §4.2.1.10: minimum MUST be zero and maximum absent.
  return hasMinimumOrMaximum ? bases : bases.filter((base) => parseSubtree(base) === undefined);
}

function parseConstraints(constraints: NameConstraints): Constraints | undefined {
  if (constraints.hasMinimumOrMaximum) return undefined;
  const byForm = new Map<GeneralNameForm, { permitted: Subtree[]; excluded: Subtree[] }>();
  for (const kind of ["permitted", "excluded"] as const) {
    for (const base of constraints[`${kind}Subtrees`]) {
      const subtree = parseSubtree(base);
      if (subtree === undefined) return undefined;
      const found = byForm.get(base.form) ?? { permitted: [], excluded: [] };
      found[kind].push(subtree);
      byForm.set(base.form, found);
    }
  }
  return byForm;
}

/** RFC 5280 §4.2.1.10; undefined for a base that says nothing intelligible. */
function parseSubtree(base: GeneralName): Subtree | undefined {
  switch (base.form) {
    case "dNSName":
      return parseDns(base.text.toLowerCase());
    case "iPAddress":
      return parseAddress(base.octets);
    case "rfc822Name":
      return parseMailboxes(base.text);
    case "uniformResourceIdentifier":
      return parseUriHost(base.text.toLowerCase());
    case "directoryName":
      return { form: "directoryName", canonical: base.name.canonical };
    default:
      return { form: "unsupported", of: base.form };
  }
}

/** An empty base is every name. A leading dot has no meaning here, unlike in the other forms. */
function parseDns(host: string): Subtree | undefined {
  return host === "" || isHostname(host) ? { form: "dNSName", host } : undefined;
}

/** Address and mask; a mask with holes (RFC 4632 §3.1) is no CIDR range. */
function parseAddress(octets: Uint8Array): Subtree | undefined {
  if (octets.length !== 8 && octets.length !== 32) return undefined;
  const address = octets.subarray(0, octets.length / 2);
  const mask = octets.subarray(octets.length / 2);
  let bits = "";
  for (const octet of mask) bits += octet.toString(2).padStart(8, "0");
  return /^1*0*$/.test(bits) ? { form: "iPAddress", address, mask } : undefined;
}

/** One mailbox, all mailboxes of a host, or with a leading dot those of its subdomains. */
function parseMailboxes(text: string): Subtree | undefined {
  const at = text.lastIndexOf("@");
  const host = text.slice(at + 1).toLowerCase();
  if (at >= 0)
    return isLocalPart(text.slice(0, at)) && isHostname(host)
      ? { form: "rfc822Name", local: text.slice(0, at), host, subdomains: false }
      : undefined;
  const subdomains = host.startsWith(".");
  const bare = subdomains ? host.slice(1) : host;
  return text === "" || isHostname(bare) ? { form: "rfc822Name", local: undefined, host: bare, subdomains } : undefined;
}

function parseUriHost(text: string): Subtree | undefined {
  const subdomains = text.startsWith(".");
  const host = subdomains ? text.slice(1) : text;
  return text === "" || isHostname(host) ? { form: "uniformResourceIdentifier", host, subdomains } : undefined;
}

/** Whether the whole of `name` lies inside the subtree. */
export function isWithin(name: ComparableName, subtree: Subtree): boolean {
  switch (subtree.form) {
    case "dNSName":
      return name.form === "dNSName" && isHostOrBelow(name.host, subtree.host);
    case "iPAddress":
      return name.form === "iPAddress" && isAddressWithin(name.octets, subtree);
    case "rfc822Name":
      return (
        name.form === "rfc822Name" &&
        (subtree.local === undefined || subtree.local === name.local) &&
        isHostWithin(name.host, subtree)
      );
    case "uniformResourceIdentifier":
      return name.form === "uniformResourceIdentifier" && isHostWithin(name.host, subtree);
    case "directoryName":
      // Each RDN of the canonical form is closed by itself, so that a prefix is a prefix of RDNs.
      return name.form === "directoryName" && name.canonical.startsWith(subtree.canonical);
    case "unsupported":
      return false;
  }
}

/** Whether any name that `name` stands for lies inside: a wildcard reaches one label below its host (CVE-2025-61727). */
export function overlaps(name: ComparableName, subtree: Subtree): boolean {
  if (isWithin(name, subtree)) return true;
  if (name.form !== "dNSName" || !name.wildcard || subtree.form !== "dNSName") return false;
  const dot = subtree.host.indexOf(".");
  return dot > 0 && subtree.host.slice(dot + 1) === name.host;
}

function isHostOrBelow(host: string, base: string): boolean {
  return base === "" || host === base || host.endsWith(`.${base}`);
}

function isHostWithin(host: string, { host: base, subdomains }: { host: string; subdomains: boolean }): boolean {
  if (base === "") return true;
  return subdomains ? host.endsWith(`.${base}`) : host === base;
}

function isAddressWithin(octets: Uint8Array, { address, mask }: { address: Uint8Array; mask: Uint8Array }): boolean {
  if (octets.length !== address.length) return false;
  for (let i = 0; i < octets.length; i++)
    if ((((octets[i] as number) ^ (address[i] as number)) & (mask[i] as number)) !== 0) return false;
  return true;
}
