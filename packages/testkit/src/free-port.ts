import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Below the ports that the system gives to connections that go out (32768 on Linux): a client of another test would hold such a one
 * while a process under test is away for a moment, and that could not come back.
 */
const firstPort = 20_000;
const portsOfWorker = 1_500;
const workers = 8;

/** Each worker has ports of its own, so that two of them never hand out the same one. */
const worker = Number(process.env["VITEST_POOL_ID"] ?? 0) % workers;
let handedOut = process.pid % portsOfWorker;

/**
 * Loopback ports that were free a moment ago, all different: they are held open together and released together. For
 * processes that must be told their port; a server in the test itself listens on port 0 instead.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: { readonly port: number; readonly server: Server }[] = [];
  for (let attempts = 0; held.length < count && attempts < portsOfWorker; attempts++) {
    const port = firstPort + worker * portsOfWorker + (handedOut++ % portsOfWorker);
    const server = await hold(port);
    if (server !== undefined) held.push({ port, server });
  }
  if (held.length < count) throw new Error(`fewer than ${count} ports are free from ${firstPort} on`);
  await Promise.all(held.map(async ({ server }) => once(server.close(), "close")));
  return held.map(({ port }) => port);
}

/** Undefined: somebody has it. */
async function hold(port: number): Promise<Server | undefined> {
  // Whoever looks there for a server that is away just then is not kept waiting, and neither is the release of the port.
  const server = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return server;
  } catch {
    return undefined;
  }
}
