import { waitUntil } from "../trust-files/wait-until.ts";
import type { Ask } from "./ca-file-transaction.ts";
import type { HaproxyTiming } from "./haproxy-options.ts";
import { type ClientConnection, readConnections, readMaster, readStreams } from "./read-answers.ts";

/**
 * Read by the rule `tcm_older` of the configuration that render.ts prints; without that rule it does nothing. By HAProxy's own
 * clock, since the rule takes the time of acceptance from it; the rule says earlier than, so the very millisecond counts too.
 */
const tellOlder = "experimental-mode on; set var proc.tcm_removed_at date(0,ms),add(1)";

export type ClosingReport = { readonly closed: number; readonly left: number };

/**
 * Ends the client connections to these ports that are open now. HAProxy cannot be asked which CA let one in, so all of them
 * go: told to close with their next answer, idle ones by their timeout, and what is still being served is shut down after the
 * grace. Clients still trusted open another; none of their answers is lost before the grace is over.
 */
export async function closeOlderConnections(
  ask: Ask,
  ports: ReadonlySet<number>,
  { graceMs, closeMs }: Pick<HaproxyTiming, "graceMs" | "closeMs">,
): Promise<ClosingReport> {
  const older = readConnections(await ask("show fd")).filter(({ localPort }) => ports.has(localPort));
  let looks = 0;
  const isOver = async () => {
    looks += 1;
    // Not once: what was in its handshake when it was listed is accepted only later. Less and less often, so that the
    // connections of others are not ended all the time while one of the older is busy.
    if (Number.isInteger(Math.log2(looks))) await ask(tellOlder);
    return (await stillOpen(ask, older)).length === 0 ? true : undefined;
  };
  if (!(await waitUntil(isOver, graceMs))) {
    // Again and again: between two requests there is nothing to shut down, and the next may come late and last long.
    await waitUntil(async () => {
      await shutDown(ask, await stillOpen(ask, older));
      return isOver();
    }, closeMs);
  }
  const left = (await stillOpen(ask, older)).length;
  return { closed: older.length - left, left };
}

async function stillOpen(ask: Ask, older: readonly ClientConnection[]): Promise<readonly ClientConnection[]> {
  if (older.length === 0) return [];
  const open = new Set(readConnections(await ask("show fd")).map(keyOf));
  return older.filter((connection) => open.has(keyOf(connection)));
}

function keyOf({ fd, localPort, remotePort }: ClientConnection): string {
  return `${fd} ${localPort} ${remotePort}`;
}

async function shutDown(ask: Ask, connections: readonly ClientConnection[]): Promise<void> {
  const ports = new Set(connections.map(({ remotePort }) => remotePort));
  for (const { id, remotePort } of readStreams(await ask("show sess"))) {
    if (ports.has(remotePort)) await ask(`shutdown session ${id}`);
  }
}

/**
 * Workers that a reload left behind serve with the trust before: they finish, and after the grace are made to. Answers how
 * many are left. The master is away for a moment when it executes itself anew; throws when it stays away.
 */
export async function endOldWorkers(
  askMaster: Ask,
  { graceMs, closeMs }: Pick<HaproxyTiming, "graceMs" | "closeMs">,
): Promise<number> {
  const oldWorkers = async () => readMaster(await askMaster("show proc").catch(() => ""))?.oldWorkers;
  const isOver = async () => ((await oldWorkers())?.length === 0 ? true : undefined);
  if (await waitUntil(isOver, graceMs)) return 0;
  const isEnded = await waitUntil(async () => {
    for (const pid of (await oldWorkers()) ?? []) await shutDownAll((command) => askMaster(`@!${pid} ${command}`));
    return isOver();
  }, closeMs);
  if (isEnded) return 0;
  const left = readMaster(await askMaster("show proc"))?.oldWorkers;
  if (left === undefined) throw new Error("what answers at the master socket is not a master of HAProxy");
  return left.length;
}

async function shutDownAll(ask: Ask): Promise<void> {
  for (const { id } of readStreams(await ask("show sess"))) await ask(`shutdown session ${id}`);
}
