/** "api.partners.example:443" in pieces that end with the sign behind which it may break. Pure. */
export function nameParts(name: string): readonly string[] {
  return name.match(/[^.:@/_]*[.:@/_]+|[^.:@/_]+/g) ?? [];
}
