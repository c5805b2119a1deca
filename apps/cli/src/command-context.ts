import type { Readable } from "node:stream";
import type { ExitCode } from "./output/exit-code.ts";
import type { Terminal } from "./output/terminal.ts";

/** All that a command gets from its surroundings. */
export type CommandContext = {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What the process ends with when the command ends without a failure; 0 until a command says otherwise. */
  readonly endWith: (code: ExitCode) => void;
};
