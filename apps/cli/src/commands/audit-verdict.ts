/** As the control plane's own program prints it. */
export type AuditVerdict = {
  readonly intact: boolean;
  readonly head: { readonly number: number; readonly hash: string } | null;
  readonly faults: readonly AuditFault[];
};

type AuditFault = { readonly kind: string; readonly number: number };

const words: Readonly<Record<string, (number: number) => string>> = {
  changed: (number) => `record ${number} was changed: it does not have its own hash`,
  missing: (number) => `record ${number} is missing`,
  unlinked: (number) => `record ${number} does not follow record ${number - 1}: one of the two was put there later`,
  rewritten: (number) => `record ${number} is another one than a signed head says`,
  truncated: (number) => `records from ${number} on were taken away: a signed head names a later one`,
  "forged-head": (number) => `the head of record ${number} is not signed by this installation`,
};

/** For a person, with where to go on from. */
export function renderAuditVerdict({ intact, head, faults }: AuditVerdict): string {
  const at = head === null ? "no record yet" : `head ${head.number}:${head.hash}`;
  if (intact) return `The audit record is intact; ${at}.\n`;
  const lines = faults.map(({ kind, number }) => `  ${words[kind]?.(number) ?? `record ${number}: ${kind}`}\n`);
  return `The audit record is NOT intact; ${at}.\n${lines.join("")}What to do: docs/operations/runbooks.md, "The audit record is not intact".\n`;
}
