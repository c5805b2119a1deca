import type { Problem, ProblemSlug } from "@tcm/core";

export type Refusal = { readonly ok: false; readonly problem: Problem };

export function refuse(slug: ProblemSlug, detail: string, more: Omit<Problem, "slug" | "detail"> = {}): Refusal {
  return { ok: false, problem: { slug, detail, ...more } };
}

export function done<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}
