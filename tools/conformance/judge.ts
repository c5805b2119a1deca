import type { Case, ExpectedReason, Outcome } from "./case.ts";
import type { Exception } from "./exceptions.ts";

/** What became of one case. `hang`: it did not end within its budget. */
export type Ran = { readonly outcome: Outcome | "hang"; readonly cpuMs: number };

export type Judgement = {
  readonly id: string;
  readonly kind: "pass" | "false-accept" | "false-reject" | "hang";
  readonly actual: string;
  /** Undefined where the suite gives no reason, or we did not refuse. */
  readonly reasonAgrees: boolean | undefined;
  readonly expectedReasons: readonly ExpectedReason[];
  readonly exception: Exception | undefined;
};

/** `undetermined` counts as refused: that is what every edge does with it. */
export function judge(
  { id, expected, reasons }: Pick<Case, "id" | "expected" | "reasons">,
  { outcome }: Ran,
  exceptions: readonly Exception[],
): Judgement {
  const actual = describeOutcome(outcome);
  const kind = kindOf(expected, outcome);
  const isRefused = outcome !== "hang" && outcome.verdict !== "accepted";
  const reasonAgrees = reasons !== undefined && isRefused ? agrees(outcome, reasons) : undefined;
  const exception = exceptions.find((known) => applies(known, id, outcome, kind));
  return { id, kind, actual, reasonAgrees, expectedReasons: reasons ?? [], exception };
}

function kindOf(expected: Case["expected"], outcome: Outcome | "hang"): Judgement["kind"] {
  if (outcome === "hang") return "hang";
  const isAccepted = outcome.verdict === "accepted";
  if (isAccepted === (expected === "accepted")) return "pass";
  return isAccepted ? "false-accept" : "false-reject";
}

/** A reason of the suite: one of its codes at its certificate. What cannot be read has its place in the chain only. */
function agrees({ code = "", index }: Outcome, reasons: readonly ExpectedReason[]): boolean {
  return reasons.some(
    (reason) => reason.codes.includes(code) && (reason.index === index || code.startsWith("der-") || isBudget(code)),
  );
}

function isBudget(code: string): boolean {
  return code.startsWith("budget-");
}

/** An exception by id applies whatever came out, so that an unexpected pass shows; one by shape only to a miss. */
function applies(known: Exception, id: string, outcome: Outcome | "hang", kind: Judgement["kind"]): boolean {
  if (known.id !== undefined) return known.id === id;
  if (kind === "pass" || outcome === "hang") return false;
  const isExpected = known.expected === (kind === "false-reject" ? "accepted" : "refused");
  const isAtAnchor = known.at !== "anchor" || outcome.isAtAnchor === true;
  const hasCode = known.code === undefined || known.code === outcome.code || known.code === outcome.strictCode;
  return isExpected && isAtAnchor && hasCode;
}

export function describeOutcome(outcome: Outcome | "hang"): string {
  if (outcome === "hang") return "hang";
  const { verdict, code, index } = outcome;
  return [verdict, code, index === undefined ? undefined : `at ${index}`].filter(Boolean).join(" ");
}
