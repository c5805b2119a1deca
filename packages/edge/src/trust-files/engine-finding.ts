/** Something in an operator's configuration that weakens what a change of trust means. */
export type EngineFinding = {
  readonly code: EngineFindingCode;
  /** A `blocks-proof` lets trust outlive its removal, or lets in clients without proof: no removal is called verified. */
  readonly severity: "blocks-proof" | "warning";
  /** From 1; undefined for what is missing. */
  readonly line: number | undefined;
  readonly detail: string;
};

export type EngineFindingCode =
  | "configuration-not-known"
  | "resumption-outlives-removal"
  | "connections-outlive-removal"
  | "client-certificate-not-required"
  | "verification-errors-ignored"
  | "verify-depth-too-small"
  | "ca-names-sent"
  | "identity-headers-not-stripped"
  | "probe-answer-missing";

export function findingText({ line, detail }: EngineFinding): string {
  return line === undefined ? detail : `line ${line}: ${detail}`;
}

/** Why no removal can be called verified with these; undefined when it can. */
export function removalDoubt(findings: readonly EngineFinding[]): string | undefined {
  const blocking = findings.filter(({ severity }) => severity === "blocks-proof");
  return blocking.map(findingText).join("; ") || undefined;
}
