import type { Certificate } from "../../certificate/certificate.ts";
import { formatName } from "../../certificate/format-name.ts";
import type { GeneralNameForm } from "../../certificate/general-name.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import { chargeNameComparisons } from "../budget.ts";
import type { PathCheck, PathContext, Stop } from "../path-check.ts";
import { type Constraints, constraintsOf, type FormConstraints, isWithin, overlaps } from "./constraint-subtree.ts";
import { type ComparableName, comparableNames } from "./normalised-names.ts";

/**
 * RFC 5280 §6.1.3 (b), (c) and §6.1.4 (g): the constraints of the CA at `index` on every certificate below it. Checking each
 * CA by itself is the intersection of permitted and the union of excluded subtrees.
 */
export const checkNameConstraints: PathCheck = (path, index, context) => {
  const ca = path[index];
  const constraints = ca?.extensions.nameConstraints;
  if (index === 0 || ca === undefined || constraints === undefined) return undefined;
  const byForm = constraintsOf(ca, constraints, context.constraints);
  if (byForm === undefined) return { code: "nc-malformed" };
  for (let below = index - 1; below >= 0; below--) {
    const certificate = path[below];
    // §6.1.3 (b): a CA that renews itself is not held to its own constraints; the leaf always is.
    if (certificate === undefined || (below > 0 && isSelfIssued(certificate))) continue;
    const stop = checkNames(certificate, byForm, context);
    if (stop !== undefined) return { ...stop, index: below };
  }
  return undefined;
};

/** Whether a CA's constraints turn down a DNS name, which need not stand in any certificate. */
export function refusesDnsName(ca: Certificate, host: string, context: PathContext): boolean {
  const constraints = ca.extensions.nameConstraints;
  const dns = constraints && constraintsOf(ca, constraints, context.constraints)?.get("dNSName");
  return dns !== undefined && checkName({ form: "dNSName", host, wildcard: false }, "dNSName", dns) !== undefined;
}

function checkNames(certificate: Certificate, byForm: Constraints, context: PathContext): Stop | undefined {
  for (const name of comparableNames(certificate, context.names)) {
    const form = formOf(name);
    const constraints = byForm.get(form);
    if (constraints === undefined) continue;
    const { permitted, excluded } = constraints;
    if (!chargeNameComparisons(context.budget, permitted.length + excluded.length))
      return { code: context.budget.exhausted ?? "budget-name-constraints" };
    const stop = checkName(name, form, constraints);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

function formOf(name: ComparableName): GeneralNameForm {
  return name.form === "unsupported" || name.form === "malformed" ? name.of : name.form;
}

function checkName(
  name: ComparableName,
  form: GeneralNameForm,
  { permitted, excluded }: FormConstraints,
): Stop | undefined {
  if (name.form === "unsupported") return { code: "nc-unsupported-form", actual: form };
  if (name.form === "malformed") return { code: "nc-unparseable-name", actual: name.text };
  if (excluded.some((subtree) => overlaps(name, subtree))) return { code: "nc-excluded", actual: describe(name) };
  if (permitted.length > 0 && !permitted.some((subtree) => isWithin(name, subtree))) {
    return { code: "nc-not-permitted", actual: describe(name) };
  }
  return undefined;
}

function describe(name: Exclude<ComparableName, { form: "unsupported" | "malformed" }>): string {
  switch (name.form) {
    case "dNSName":
      return name.wildcard ? `*.${name.host}` : name.host;
    case "rfc822Name":
      return `${name.local}@${name.host}`;
    case "uniformResourceIdentifier":
      return name.host;
    case "iPAddress":
      return [...name.octets].join(".");
    case "directoryName":
      return formatName(name.name);
  }
}
