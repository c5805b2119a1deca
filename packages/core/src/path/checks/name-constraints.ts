import type { Certificate } from "../../certificate/certificate.ts";
import type { GeneralName, NameConstraints } from "../../certificate/general-name.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import { chargeNameComparisons } from "../budget.ts";
import type { PathCheck, PathContext, Stop } from "../path-check.ts";
import { isWithin, overlaps, parseSubtree, type Subtree } from "./constraint-subtree.ts";
import { type ComparableName, comparableNames } from "./normalised-names.ts";

/**
 * RFC 5280 §6.1.3 (b), (c) and §6.1.4 (g): the constraints of the CA at `index` on every certificate below it. Checking each
 * CA by itself is the intersection of permitted and the union of excluded subtrees.
 */
export const checkNameConstraints: PathCheck = (path, index, context) => {
  const constraints = path[index]?.extensions.nameConstraints;
  if (index === 0 || constraints === undefined) return undefined;
  const subtrees = parseConstraints(constraints);
  if (subtrees === undefined) return { code: "nc-malformed" };
  for (let below = index - 1; below >= 0; below--) {
    const certificate = path[below];
    // A CA that renews itself is not held to its own constraints; the leaf always is.
    if (certificate === undefined || (below > 0 && isSelfIssued(certificate))) continue;
    const stop = checkNames(certificate, subtrees, context);
    if (stop !== undefined) return stop;
  }
  return undefined;
};

type Subtrees = { readonly permitted: readonly Subtree[]; readonly excluded: readonly Subtree[] };

function parseConstraints({
  permittedSubtrees,
  excludedSubtrees,
  hasMinimumOrMaximum,
}: NameConstraints): Subtrees | undefined {
  if (hasMinimumOrMaximum) return undefined;
  const permitted = parseAll(permittedSubtrees);
  const excluded = parseAll(excludedSubtrees);
  return permitted === undefined || excluded === undefined ? undefined : { permitted, excluded };
}

function parseAll(bases: readonly GeneralName[]): readonly Subtree[] | undefined {
  const subtrees: Subtree[] = [];
  for (const base of bases) {
    const subtree = parseSubtree(base);
    if (subtree === undefined) return undefined;
    subtrees.push(subtree);
  }
  return subtrees;
}

function checkNames(certificate: Certificate, subtrees: Subtrees, context: PathContext): Stop | undefined {
  const names = comparableNames(certificate, context.names);
  const comparisons = names.length * (subtrees.permitted.length + subtrees.excluded.length);
  if (!chargeNameComparisons(context.budget, comparisons))
    return { code: context.budget.exhausted ?? "budget-name-constraints" };
  for (const name of names) {
    const stop = checkName(name, subtrees);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

function checkName(name: ComparableName, { permitted, excluded }: Subtrees): Stop | undefined {
  const form = name.form === "unsupported" || name.form === "malformed" ? name.of : name.form;
  const constrains = (subtree: Subtree): boolean =>
    (subtree.form === "unsupported" ? subtree.of : subtree.form) === form;
  const relevant = permitted.filter(constrains);
  const isConstrained = relevant.length > 0 || excluded.some(constrains);
  if (!isConstrained) return undefined;
  if (name.form === "unsupported") return { code: "nc-unsupported-form", actual: form };
  if (name.form === "malformed") return { code: "nc-unparseable-name", actual: name.text };
  if (excluded.some((subtree) => overlaps(name, subtree))) return { code: "nc-excluded", actual: describe(name) };
  if (relevant.length > 0 && !relevant.some((subtree) => isWithin(name, subtree))) {
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
      return name.canonical;
  }
}
