import { readdir, readFile } from "node:fs/promises";

export type Worker = { readonly pid: number /** It takes no new connection. */; readonly isShuttingDown: boolean };

/** The process id that the master wrote; undefined when there is none, or no such process runs. */
export async function masterPid(pidPath: string): Promise<number | undefined> {
  const pid = Number((await readFile(pidPath, "utf8").catch(() => "")).trim());
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return /nginx: master process/.test(await titleOf(pid)) ? pid : undefined;
}

/** The workers of a master, by the titles that nginx gives its processes. */
export async function workersOf(master: number): Promise<readonly Worker[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => Number.isSafeInteger(pid));
  const workers = await Promise.all(
    pids.map(async (pid): Promise<readonly Worker[]> => {
      if ((await parentOf(pid)) !== master) return [];
      const title = await titleOf(pid);
      return title.startsWith("nginx: worker process")
        ? [{ pid, isShuttingDown: title.includes("shutting down") }]
        : [];
    }),
  );
  return workers.flat();
}

async function parentOf(pid: number): Promise<number | undefined> {
  // The second field is the name in parentheses, which may hold anything; state and parent follow its last one.
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const parent = Number(
    stat
      .slice(stat.lastIndexOf(")") + 1)
      .trim()
      .split(" ")[1],
  );
  return Number.isSafeInteger(parent) ? parent : undefined;
}

async function titleOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}
