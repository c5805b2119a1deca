import type { Suite } from "./case.ts";
import type { Exception } from "./exceptions.ts";
import { type Judgement, judge, type Ran } from "./judge.ts";

export type SuiteReport = {
  readonly suite: string;
  readonly cases: number;
  readonly notApplicable: number;
  readonly passed: number;
  readonly known: number;
  readonly falseAccepts: number;
  readonly falseRejects: number;
  readonly hangs: number;
  readonly reasons: { readonly agreed: number; readonly of: number };
  readonly worst: { readonly cpuMs: number; readonly id: string };
  readonly misses: readonly Judgement[];
  /** Listed as a divergence, and passed: the list is out of date. */
  readonly unexpectedPasses: readonly Judgement[];
  readonly isBelowFloor: boolean;
};

/** What one verification, parsing included, may cost in the worst case. */
const maxCpuMs = 50;

/** Counts of a suite. Known divergences are misses too, but the floor does not hold them against us. */
export function reportSuite(suite: Suite, results: readonly Ran[], exceptions: readonly Exception[]): SuiteReport {
  const ours = exceptions.filter((exception) => suite.name.startsWith(exception.suite));
  const applicable = suite.cases
    .map((one, i) => ({ one, ran: results[i] as Ran }))
    .filter(({ one }) => !one.notApplicable);
  const judged = applicable.map(({ one, ran }) => judge(one, ran, ours));
  const missed = judged.filter(({ kind }) => kind !== "pass");
  const unexplained = missed.filter(({ exception }) => exception === undefined);
  const reasoned = judged.filter(({ reasonAgrees }) => reasonAgrees !== undefined);
  const agreed = reasoned.filter(({ reasonAgrees }) => reasonAgrees).length;
  const unexpectedPasses = judged.filter(({ kind, exception }) => kind === "pass" && exception !== undefined);
  const count = (kind: Judgement["kind"]): number => missed.filter((miss) => miss.kind === kind).length;
  const worst = worstOf(suite, results);
  const reachedReasons = reasoned.length === 0 || agreed / reasoned.length >= (suite.floor.reasons ?? 0);
  return {
    suite: suite.name,
    cases: judged.length,
    notApplicable: suite.cases.length - judged.length,
    passed: judged.length - missed.length,
    known: missed.length - unexplained.length,
    falseAccepts: count("false-accept"),
    falseRejects: count("false-reject"),
    hangs: count("hang"),
    reasons: { agreed, of: reasoned.length },
    worst,
    misses: judged.filter(({ kind, reasonAgrees }) => kind !== "pass" || reasonAgrees === false),
    unexpectedPasses,
    isBelowFloor:
      1 - unexplained.length / Math.max(judged.length, 1) < suite.floor.passed ||
      !reachedReasons ||
      worst.cpuMs > maxCpuMs ||
      unexpectedPasses.length > 0,
  };
}

function worstOf({ cases }: Suite, results: readonly Ran[]): SuiteReport["worst"] {
  let worst = { cpuMs: 0, id: "" };
  for (const [i, { cpuMs }] of results.entries()) if (cpuMs > worst.cpuMs) worst = { cpuMs, id: cases[i]?.id ?? "" };
  return worst;
}
