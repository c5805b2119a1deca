/** The secret of the one-time link, in the fragment so that no server's log has it; undefined without one. */
export function secretOfLink(hash: string): string | undefined {
  return /^#first=([A-Za-z0-9_-]{43})$/.exec(hash)?.[1];
}
