import { readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { EngineFinding } from "../trust-files/engine-finding.ts";
import type { Ask } from "./ca-file-transaction.ts";
import type { ConfigurationFile, HaproxyConfiguration } from "./configuration-lines.ts";
import { readEnvironment, readStartTime } from "./read-answers.ts";
import { crtListNames } from "./trusting-binds.ts";

/** What HAProxy runs with, and what of it nobody could read. */
export type RunningConfiguration = {
  readonly configuration: HaproxyConfiguration;
  readonly findings: readonly EngineFinding[];
};

/** More is nobody's configuration of one proxy. */
const maxFiles = 1_000;

/**
 * HAProxy names its files itself, as many as it was started with; `configurationPath` says where they are for the agent, which may have
 * them mounted elsewhere.
 */
export async function readRunning(ask: Ask, configurationPath: string): Promise<RunningConfiguration> {
  const environment = readEnvironment(await ask("show env"));
  const loaded = environment.get("HAPROXY_CFGFILES")?.split(";").filter(Boolean) ?? [];
  const startedAt = readStartTime(await ask("show info"));
  const files: ConfigurationFile[] = [];
  const findings: EngineFinding[] = [];
  for (const name of loaded.length === 0 ? [configurationPath] : loaded.slice(0, maxFiles)) {
    const file = await readHere(loaded.includes(configurationPath) ? [name] : [besides(configurationPath, name)]);
    files.push({ name, text: file?.text ?? "" });
    if (file === undefined)
      findings.push(notKnown(`HAProxy reads ${name}, and the agent cannot: let it read that file`));
    else if (startedAt !== undefined && file.changedAt > startedAt)
      findings.push(notKnown(`${name} was changed after HAProxy read it: reload HAProxy`));
  }
  const configuration = { files, environment };
  const crtLists = await readCrtLists(ask, configuration, configurationPath);
  return { configuration: { ...configuration, crtLists }, findings };
}

/** As they stand on disk and as HAProxy shows them, which leaves `ca-verify-file` out, and has entries that came at run time. */
async function readCrtLists(
  ask: Ask,
  configuration: HaproxyConfiguration,
  configurationPath: string,
): Promise<ReadonlyMap<string, string>> {
  const lists = new Map<string, string>();
  for (const name of crtListNames(configuration)) {
    const written = await readHere([...(isAbsolute(name) ? [name] : []), besides(configurationPath, name)]);
    if (written !== undefined) lists.set(name, `${written.text}\n${await ask(`show ssl crt-list ${name}`)}`);
  }
  return lists;
}

function besides(configurationPath: string, name: string): string {
  return join(dirname(configurationPath), basename(name));
}

async function readHere(paths: readonly string[]) {
  for (const path of paths) {
    try {
      return { text: await readFile(path, "utf8"), changedAt: Math.floor((await stat(path)).mtimeMs / 1_000) };
    } catch {
      // It may be in the other place; who asked is told when it is in none.
    }
  }
  return undefined;
}

function notKnown(detail: string): EngineFinding {
  return { code: "configuration-not-known", severity: "blocks-proof", line: undefined, detail };
}
