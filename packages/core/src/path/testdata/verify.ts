import { nodeCrypto } from "@tcm/node-crypto";
import { type TestCertificate, testPki } from "@tcm/testkit";
import { buildAnchorIndex } from "../anchor-index.ts";
import { pathLimits } from "../path-limits.ts";
import type { PathResult } from "../path-result.ts";
import { type PathRequest, validatePath } from "../validate-path.ts";

/** The time at which every certificate of a `testPki()` is valid. */
export const now = testPki().now;

/** Verifies what a client sends, its own certificate first, against the members of a set. */
export function verify(
  chain: readonly TestCertificate[],
  anchors: readonly TestCertificate[],
  overrides: Partial<PathRequest> = {},
): PathResult {
  const [leaf, ...others] = chain.map(({ certificate }) => certificate);
  if (leaf === undefined) throw new Error("a client sends at least its own certificate");
  return validatePath({
    presented: [leaf, ...others],
    anchors: buildAnchorIndex(anchors.map(({ certificate }) => certificate)),
    time: now,
    purpose: "clientAuth",
    profile: "compat",
    limits: pathLimits,
    crypto: nodeCrypto,
    ...overrides,
  });
}

/** `accepted`, or the code and the place of the primary reason: what most tests are about. */
export function outcome(result: PathResult): string {
  return result.verdict === "accepted" ? "accepted" : `${result.reason.code} at ${result.reason.index}`;
}
