import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";

/**
 * Processes that a reload may have left behind, with the connections and the trust from before it, where no master can be asked: workers
 * of the same master, and those that the command line was told to take over from. Undefined: they cannot be seen from here.
 */
export async function olderProcesses(pid: number): Promise<readonly number[] | undefined> {
  const words = (await readProc(pid, "cmdline")).split("\0");
  // In a container of its own the number is that of another process, or of none.
  if (!words.some((word) => basename(word).startsWith("haproxy"))) return undefined;
  const takenOver = words.flatMap((word, i) => (/^-s[ft]$/.test(word) ? pidsFrom(words.slice(i + 1)) : []));
  const program = await readProc(pid, "comm");
  const others = new Set([...takenOver, ...(await siblingsOf(pid, program))]);
  const programs = await Promise.all([...others].map((other) => readProc(other, "comm")));
  return [...others].filter((other, i) => other !== pid && programs[i] === program);
}

/** Of a master; what another parent has started is of nobody's concern. */
async function siblingsOf(pid: number, program: string): Promise<readonly number[]> {
  const parent = await parentOf(pid);
  if (parent === undefined || (await readProc(parent, "comm")) !== program) return [];
  const pids = (await readdir("/proc")).map(Number).filter(Number.isSafeInteger);
  const parents = await Promise.all(pids.map(parentOf));
  return pids.filter((_, i) => parents[i] === parent);
}

function pidsFrom(words: readonly string[]): readonly number[] {
  const end = words.findIndex((word) => !/^\d+$/.test(word));
  return (end === -1 ? words : words.slice(0, end)).map(Number);
}

async function parentOf(pid: number): Promise<number | undefined> {
  const [, parent] = /^PPid:\s+(\d+)$/m.exec(await readProc(pid, "status")) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

/** Empty for one that is gone. */
function readProc(pid: number, what: "cmdline" | "comm" | "status"): Promise<string> {
  return readFile(`/proc/${pid}/${what}`, "utf8").catch(() => "");
}
