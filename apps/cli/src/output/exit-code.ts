/** What a script can rely on; documented in `docs/guide/cli.md`. */
export const exitCode = {
  done: 0,
  /** The question was answered with no: findings in a check, a client refused, a deployment that failed. */
  refused: 1,
  /** The command line or a local file is wrong; nothing was sent. */
  usage: 2,
  /** No verdict: a budget was exhausted, or the wait ended before the deployment did. */
  undetermined: 3,
  /** The server answered with a problem; nothing was changed. */
  problem: 4,
  /** The server could not be reached, or did not answer like one of ours. */
  unreachable: 5,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
