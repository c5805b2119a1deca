import { temporaryDirectory } from "@tcm/testkit";
import { beforeAll } from "vitest";
import { type RunningInstance, runStart, shareStart } from "./run-start.ts";
import { type RunOptions, runTcm, type Transcript } from "./run-tcm.ts";
import { typeTcm } from "./type-tcm.ts";

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
  return workplaceAt(instance, await createToken(instance));
}

/** One instance for all tests of a file, and a directory for each: what they write to the instance must not meet. */
export function shareWorkplace(): () => Workplace {
  const instance = shareStart();
  let token = "";
  beforeAll(async () => {
    token = await createToken(instance());
  });
  return () => workplaceAt(instance(), token);
}

async function createToken({ data }: RunningInstance): Promise<string> {
  return (await runTcm(["token", "create", "--role", "admin", "--data", data])).out.trim();
}

function workplaceAt(instance: RunningInstance, token: string): Workplace {
  const directory = temporaryDirectory();
  const environment = { TCM_URL: instance.addresses[0], TCM_TOKEN: token };
  const tcm = (line: string, options: RunOptions = {}): Promise<Transcript> =>
    typeTcm(line.split(" "), { directory, environment, ...options });
  return { instance, directory, environment, tcm };
}
