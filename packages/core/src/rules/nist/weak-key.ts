import { checkKey } from "../../signature/check-key.ts";
import { memberRule } from "../rule.ts";

/** RSA below 2048 or above 8192 bits, odd exponent sizes, curves below 256 bits, explicit parameters, unknown kinds of key. */
export const weakKey = memberRule("weak-key", "NIST SP 800-57 Part 1 §5.6.1", ({ certificate }) => {
  const problem = checkKey(certificate.publicKey);
  return problem === undefined
    ? undefined
    : { reason: problem.code, expected: problem.expected, actual: problem.actual };
});
