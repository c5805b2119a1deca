import { type ExitCode, exitCode } from "./exit-code.ts";

const kinds: Readonly<Record<ExitCode, readonly [string, string]>> = {
  [exitCode.done]: ["done", "Done"],
  [exitCode.refused]: ["refused", "The answer is no"],
  [exitCode.usage]: ["usage", "The command line or a local file is wrong"],
  [exitCode.undetermined]: ["undetermined", "No verdict"],
  [exitCode.problem]: ["not-found", "There is no such thing"],
  [exitCode.unreachable]: ["unreachable", "The server cannot be reached"],
};

/** For `--json`: what the command line itself refuses, in the form of the API's problems (RFC 9457). */
export function localProblem(code: ExitCode, detail: string): string {
  const [kind, title] = kinds[code];
  return `${JSON.stringify({ type: `urn:tcm:problem:${kind}`, title, detail, exitCode: code }, null, 2)}\n`;
}
