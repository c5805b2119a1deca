import type { ExitCode } from "./output/exit-code.ts";

/** A command that cannot go on, in words for the person who typed it. Shown without a stack trace. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandFailure";
    this.exitCode = exitCode;
  }
}
