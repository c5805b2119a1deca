import type { VersionChanges } from "@tcm/api-contract";
import type { CaSetOptions } from "@tcm/core";
import type { CertificateFacts } from "../../validation/validation-answer.ts";
import type { OperationContext } from "../context.ts";

/** One of two contents that are compared, saved or not. */
export type Side = {
  /** DER of the members as base64. */
  readonly members: readonly string[];
  readonly facts: readonly Pick<CertificateFacts, "subject" | "fingerprint" | "endDate">[];
  readonly options: CaSetOptions;
};

/** What deploying `after` instead of `before` would change. A certificate is the same whatever text it came in. */
export async function changesBetween(
  { validation }: Pick<OperationContext, "validation">,
  before: Side,
  after: Side,
): Promise<VersionChanges | "busy"> {
  const effect = await validation.ask({ task: "removal", before: before.members, after: after.members });
  if (effect === "busy") return effect;
  const added = without(after.facts, before.facts);
  return {
    added: added.map(inShort),
    removed: without(before.facts, after.facts).map(inShort),
    keptCount: after.facts.length - added.length,
    options: changedOptions(before.options, after.options),
    effect: {
      losesAccess: [...effect.removed],
      stillTrusted: effect.stillTrusted.map((entry) => ({ ...entry, by: [...entry.by] })),
    },
  };
}

function without(list: Side["facts"], others: Side["facts"]): Side["facts"] {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return list.filter(({ fingerprint }) => !known.has(fingerprint));
}

function inShort({ subject, fingerprint, endDate }: Side["facts"][number]): VersionChanges["added"][number] {
  return { subject, fingerprint, endDate };
}

function changedOptions(from: CaSetOptions, to: CaSetOptions): VersionChanges["options"] {
  const names = ["requireRootCertificate", "allowInsecureSha1", "allowDuplicateCommonNames"] as const;
  return names
    .filter((option) => from[option] !== to[option])
    .map((option) => ({ option, from: from[option], to: to[option] }));
}
