/** The message of an error, for a detail that people read. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
