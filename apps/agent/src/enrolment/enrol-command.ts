import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { writeIdentity } from "../identity/write-identity.ts";
import { StartError, words } from "../start-error.ts";
import { EntryRefused, enrol, usedUp } from "./enrol.ts";
import {
  cutOffWords,
  forgetEnrolment,
  noteEnrolment,
  removeRemains,
  unfinishedSince,
} from "../identity/unfinished-enrolment.ts";

const enrolHelp = `Usage: main.ts enrol --identity FILE [--token-file FILE]

Makes this machine a node: it makes a key, shows the join token to the control plane that the token names, and writes what it
is given to the identity file. The key never leaves this machine. "tcm edge token" makes a join token.

  --identity FILE     written with mode 0600
  --token-file FILE   with the join token, - for standard input; else TCM_JOIN_TOKEN, else --token
  --token TOKEN       on the command line, where other users of this machine can read it
  --replace           takes the place of an identity file that is there, with its node's certificate run out or revoked
`;

const flags = {
  identity: { type: "string" },
  token: { type: "string" },
  "token-file": { type: "string" },
  replace: { type: "boolean" },
  help: { type: "boolean" },
} as const;

const timeoutMs = 15_000;

/** The agent's command `enrol`. Throws a StartError for whatever a person can mend. */
export async function enrolCommand(args: readonly string[], say: (text: string) => void): Promise<void> {
  const given = parse(args);
  if (given.help === true) return say(enrolHelp);
  const { identity: file } = given;
  if (file === undefined) throw new StartError("--identity FILE is missing. See enrol --help.");
  // Before the token is shown to anybody: it is good once.
  refuseFile(file, given.replace === true);
  const identity = await join(file, readToken(given));
  await writeIdentity(file, identity).catch((error: unknown) => {
    throw usedUp(`${file} cannot be written: ${words(error)}.`);
  });
  await removeRemains(file);
  await forgetEnrolment(file);
  const { nodeId, network } = identity;
  say(`This is node ${nodeId} of the ${network.toLowerCase()} network now. Start the agent with --identity ${file}.\n`);
}

/** A token is good once, and this process may end at any moment: what it was about to do is on disk before it does it. */
async function join(file: string, token: string) {
  const since = unfinishedSince(file, token);
  const beforeShowing = (): Promise<void> => noteEnrolment(file, token, new Date());
  try {
    return await enrol(token, { timeoutMs, beforeShowing });
  } catch (error) {
    if (!(error instanceof EntryRefused)) throw error;
    if (since !== undefined) throw new StartError(`${error.message} ${cutOffWords(since)}`);
    await forgetEnrolment(file);
    throw error;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new StartError(`${words(error)}. See enrol --help.`);
  }
}

function refuseFile(file: string, replaces: boolean): void {
  if (existsSync(file) && !replaces)
    throw new StartError(`${file} is there already: this machine is a node. Add --replace to make it a new one.`);
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch {
    throw new StartError(`${dirname(file)} is not a directory in which this user may write.`);
  }
}

function readToken(given: { readonly token?: string | undefined; readonly "token-file"?: string | undefined }): string {
  const { token, "token-file": file } = given;
  if (token !== undefined && file !== undefined) throw new StartError("--token and --token-file are two join tokens.");
  const text = file === undefined ? (token ?? process.env["TCM_JOIN_TOKEN"]) : readFile(file);
  if (text === undefined || text.trim() === "")
    throw new StartError("There is no join token. Give --token-file FILE, or TCM_JOIN_TOKEN. See enrol --help.");
  return text;
}

function readFile(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new StartError(
      `--token-file: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`,
    );
  }
}
