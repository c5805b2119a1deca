import { once } from "node:events";
import { Agent, request, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

/** What the parent tells this process at its start. */
export type LoadOrder = {
  readonly port: number;
  readonly serverName: string;
  readonly cert: string;
  readonly key: string;
  readonly fresh: number;
  readonly persistent: number;
};

/** What it answers when it is asked to end. */
export type LoadResult = {
  readonly connections: number;
  readonly connectionsLost: number;
  readonly requests: number;
  readonly requestsLost: number;
  /** Beyond the first of each. */
  readonly reconnects: number;
};

/** Between two requests of a connection that is kept: edges.md §3.4. */
const pauseMs = 25;
const counts = { connections: 0, connectionsLost: 0, requests: 0, requestsLost: 0, reconnects: 0 };
const over = new AbortController();

/** Clients whose CA stays: some come new for each request, some keep their connection for as long as they may. */
async function run(order: LoadOrder): Promise<void> {
  const { port, serverName: servername, cert, key, fresh, persistent } = order;
  const options = { host: "127.0.0.1", port, servername, cert, key, rejectUnauthorized: false };
  const to = { ...options, headers: { Host: servername } };
  const running = [
    ...Array.from({ length: fresh }, () => comeAgainAndAgain(to)),
    ...Array.from({ length: persistent }, () => askAgainAndAgain(to)),
  ];
  await once(process, "message");
  over.abort();
  await Promise.all(running);
  process.send?.(counts satisfies LoadResult);
}

async function comeAgainAndAgain(options: RequestOptions): Promise<void> {
  while (!over.signal.aborted) {
    counts.connections++;
    if (!(await ask({ ...options, agent: false })).isGood) counts.connectionsLost++;
  }
}

async function askAgainAndAgain(options: RequestOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  // The first connection is none that had to be opened again.
  counts.reconnects--;
  while (!over.signal.aborted) {
    counts.requests++;
    const { isGood, isReused } = await ask({ ...options, agent });
    if (!isGood) counts.requestsLost++;
    if (!isReused) counts.reconnects++;
    await pause(pauseMs);
  }
  agent.destroy();
}

async function ask(options: RequestOptions): Promise<{ readonly isGood: boolean; readonly isReused: boolean }> {
  const outgoing = request(options);
  outgoing.end();
  try {
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    await text(incoming);
    return { isGood: incoming.statusCode === 200, isReused: outgoing.reusedSocket };
  } catch {
    return { isGood: false, isReused: outgoing.reusedSocket };
  }
}

process.once("message", (order: LoadOrder) => void run(order));
process.on("disconnect", () => process.exit(0));
