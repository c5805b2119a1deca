/** Why the agent cannot start, in one sentence for the person who starts it. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The words of whatever was thrown. */
export function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
