import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import type { Ports } from "./start-options.ts";

const host = "127.0.0.1";

const flags: Readonly<Record<keyof Ports, string>> = {
  api: "--port",
  node: "--node-port",
  staging: "--staging-port",
  production: "--production-port",
};

/** An instance that is just ending, or whose supervisor was killed, lets go of its ports within this. */
const patienceMs = 2_000;
const askAgainMs = 100;

const ofControlPlane = ["api", "node"] as const;
const ofAll = ["api", "node", "staging", "production"] as const;

/**
 * Chooses a free port where 0 is asked for and sees that the others are free, before anything is started. All are held at the
 * same time, so that no port is given twice. Another process may still be faster; the child that wants it then says so. Without edges
 * nobody listens on theirs.
 */
export async function reservePorts(wanted: Ports, hasEdges: boolean): Promise<Ports> {
  const names = hasEdges ? ofAll : ofControlPlane;
  refuseSamePort(names.map((name) => wanted[name]));
  const held: Server[] = [];
  const reserved: Record<keyof Ports, number> = { ...wanted };
  try {
    for (const name of names) {
      const server = await hold(wanted[name], flags[name]);
      held.push(server);
      reserved[name] = (server.address() as AddressInfo).port;
    }
    return reserved;
  } finally {
    await Promise.all(held.map((server) => release(server)));
  }
}

function refuseSamePort(wanted: readonly number[]): void {
  const chosen = wanted.filter((port) => port !== 0);
  const twice = chosen.find((port, index) => chosen.indexOf(port) !== index);
  if (twice !== undefined)
    throw new CommandFailure(exitCode.usage, `Port ${twice} is given twice. Every listener needs one of its own.`);
}

async function hold(port: number, flag: string): Promise<Server> {
  for (let left = patienceMs; ; left -= askAgainMs) {
    try {
      const server = createServer().listen(port, host);
      await once(server, "listening");
      return server;
    } catch (cause) {
      const error = cause as NodeJS.ErrnoException;
      if (error.code !== "EADDRINUSE" || left <= 0)
        throw new CommandFailure(exitCode.usage, describe(port, flag, error), { cause });
      await delay(askAgainMs);
    }
  }
}

function describe(port: number, flag: string, { code }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE")
    return `Port ${port} is in use by another process. Stop that one, or choose another port with ${flag}.`;
  if (code === "EACCES") return `Port ${port} may not be used by this user. Choose one above 1023 with ${flag}.`;
  return `Port ${port} cannot be used (${code ?? "unknown error"}). Choose another one with ${flag}.`;
}

async function release(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}
