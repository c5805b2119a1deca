import type { PathCheck } from "../path-check.ts";

/**
 * RFC 5280 §6.1.4 (i): policies are not processed yet, so a path through a CA that demands an explicit one cannot be
 * shown to satisfy it and is refused.
 */
export const checkExplicitPolicy: PathCheck = (path, index) =>
  path[index]?.extensions.policyConstraints?.requireExplicitPolicy === undefined
    ? undefined
    : { code: "policy-explicit-required" };
