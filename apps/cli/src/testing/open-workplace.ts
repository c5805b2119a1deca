import { temporaryDirectory } from "@tcm/testkit";
import { type RunningInstance, runStart } from "./run-start.ts";
import { type RunOptions, runTcm, type Transcript } from "./run-tcm.ts";

export type Workplace = {
  readonly instance: RunningInstance;
  /** Of the person who types: files go there. */
  readonly directory: string;
  /** Where the instance is, and an administrator's token. */
  readonly environment: Readonly<Record<string, string>>;
  /** What follows `tcm` on a command line without quotes. */
  readonly tcm: (line: string, options?: RunOptions) => Promise<Transcript>;
};

/** A running instance and a person at a terminal beside it, until the end of the test. */
export async function openWorkplace(): Promise<Workplace> {
  const instance = await runStart();
  const token = await runTcm(["token", "create", "--role", "admin", "--data", instance.data]);
  const directory = temporaryDirectory();
  const environment = { TCM_URL: instance.addresses[0], TCM_TOKEN: token.out.trim() };
  const tcm = (line: string, options: RunOptions = {}): Promise<Transcript> =>
    runTcm(line.split(" "), { directory, environment, ...options });
  return { instance, directory, environment, tcm };
}
