import { ApiProblem } from "@tcm/api-contract";
import type { Network } from "@tcm/core";

/** What stands in the way of a deletion or a withdrawal, with where it can be looked at. */
export type Obstacle =
  | { readonly kind: "edge-certificate"; readonly id: number; readonly name: string }
  | { readonly kind: "version"; readonly network: Network; readonly version: number }
  | { readonly kind: "deployment"; readonly network: Network; readonly version: number; readonly activationId: number };

const sides = [
  ["STAGING", "staging"],
  ["PRODUCTION", "production"],
] as const;

/** Read from the facts of the refusal; nothing when it is about something else. Pure. */
export function obstaclesOf(error: unknown): readonly Obstacle[] {
  if (!(error instanceof ApiProblem)) return [];
  const facts = error.problem.contextInfo ?? {};
  switch (error.code) {
    case "ca-set-in-use-by-enrollments":
      return enrollmentsOf(facts["associations"]);
    case "ca-set-cannot-be-deleted-active-versions":
      return sides.flatMap(([network, prefix]) => versionAt(network, facts[`${prefix}VersionLink`]));
    case "ca-set-cannot-be-deleted-in-progress-version-activations":
      return sides.flatMap(([network, prefix]) => deploymentAt(network, facts[`${prefix}Link`]));
    default:
      return [];
  }
}

function enrollmentsOf(associations: unknown): readonly Obstacle[] {
  const { enrollments } = (associations ?? {}) as { readonly enrollments?: unknown };
  if (!Array.isArray(enrollments)) return [];
  return enrollments.flatMap((one: { readonly enrollmentId?: unknown; readonly cn?: unknown }): readonly Obstacle[] =>
    typeof one.enrollmentId === "number" && typeof one.cn === "string"
      ? [{ kind: "edge-certificate", id: one.enrollmentId, name: one.cn }]
      : [],
  );
}

function versionAt(network: Network, link: unknown): readonly Obstacle[] {
  const version = typeof link === "string" ? /\/versions\/(\d+)$/.exec(link)?.[1] : undefined;
  return version === undefined ? [] : [{ kind: "version", network, version: Number(version) }];
}

function deploymentAt(network: Network, link: unknown): readonly Obstacle[] {
  const found = typeof link === "string" ? /\/versions\/(\d+)\/activations\/(\d+)$/.exec(link) : null;
  if (found === null) return [];
  return [{ kind: "deployment", network, version: Number(found[1]), activationId: Number(found[2]) }];
}
