import type { PublicKeyFacts } from "../certificate/subject-public-key-info.ts";
import type { PathLimits } from "./path-limits.ts";
import type { PathProblemCode } from "./path-result.ts";

export type BudgetCode = Extract<PathProblemCode, `budget-${string}`>;

/** What is left of the limits during one verification. `exhausted` names the first limit that was hit. */
export type Budget = {
  signatures: number;
  cost: number;
  steps: number;
  nameComparisons: number;
  exhausted: BudgetCode | undefined;
  /** A path was not followed to its end. Others may still be. */
  isTooDeep: boolean;
};

export function openBudget(limits: PathLimits): Budget {
  const { signatures, cost, steps, nameComparisons } = limits;
  return { signatures, cost, steps, nameComparisons, exhausted: undefined, isTooDeep: false };
}

/** False when the budget does not allow it; from then on it allows nothing. */
export function chargeStep(budget: Budget): boolean {
  if (--budget.steps < 0) budget.exhausted ??= "budget-steps";
  return budget.exhausted === undefined;
}

export function chargeNameComparisons(budget: Budget, count: number): boolean {
  budget.nameComparisons -= count;
  if (budget.nameComparisons < 0) budget.exhausted ??= "budget-name-constraints";
  return budget.exhausted === undefined;
}

export function chargeSignature(budget: Budget, key: PublicKeyFacts): boolean {
  budget.cost -= verificationCost(key);
  if (--budget.signatures < 0) budget.exhausted ??= "budget-signatures";
  else if (budget.cost < 0) budget.exhausted ??= "budget-cost";
  return budget.exhausted === undefined;
}

/** Measured with OpenSSL 3.5 relative to P-256, rounded; P-521 is by far the slowest. */
function verificationCost(key: PublicKeyFacts): number {
  switch (key.type) {
    case "rsa":
    case "rsa-pss":
      // An exponent beyond 65537 may have four times the work in it.
      return (key.modulusBits <= 4_096 ? 1 : 5) * (key.exponentBits > 17 ? 4 : 1);
    case "ec":
      return key.bits <= 256 ? 1 : key.bits <= 384 ? 10 : 25;
    case "ed448":
      return 4;
    case "ml-dsa-65":
      return 3;
    case "ml-dsa-87":
      return 5;
    default:
      return 2;
  }
}

const limits: Readonly<Record<BudgetCode, keyof PathLimits>> = {
  "budget-signatures": "signatures",
  "budget-cost": "cost",
  "budget-steps": "steps",
  "budget-path-length": "depth",
  "budget-name-constraints": "nameComparisons",
  "budget-presented": "presented",
};

/** For people: what would have been allowed. */
export function describeLimit(code: BudgetCode, allowed: PathLimits): string {
  return `at most ${allowed[limits[code]]}`;
}
