/** Whether going from one list of anchors to another takes trust away and adds none; null: nothing served. */
export function removesTrustOnly(before: readonly string[] | null, after: readonly string[] | null): boolean {
  const old = new Set(before ?? []);
  const next = new Set(after ?? []);
  const adds = [...next].some((fingerprint) => !old.has(fingerprint));
  const removes = [...old].some((fingerprint) => !next.has(fingerprint));
  return removes && !adds;
}
