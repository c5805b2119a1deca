import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
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

/**
 * Chooses a free port where 0 is asked for and sees that the others are free, before anything is started. All are held at the
 * same time, so that no port is given twice. Another process may still be faster; the child that wants it then says so.
 */
export async function reservePorts(wanted: Ports): Promise<Ports> {
  const held: Server[] = [];
  const reserved: Record<keyof Ports, number> = { ...wanted };
  try {
    for (const name of Object.keys(flags) as (keyof Ports)[]) {
      const server = await hold(wanted[name], flags[name]);
      held.push(server);
      reserved[name] = (server.address() as AddressInfo).port;
    }
    return reserved;
  } finally {
    await Promise.all(held.map((server) => release(server)));
  }
}

async function hold(port: number, flag: string): Promise<Server> {
  const server = createServer().listen(port, host);
  try {
    await once(server, "listening");
    return server;
  } catch (cause) {
    throw new CommandFailure(exitCode.usage, describe(port, flag, cause as NodeJS.ErrnoException), { cause });
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
