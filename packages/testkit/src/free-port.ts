import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that the system gives to connections that go out (32768 on Linux): a client of another test would hold such a one
 * while a process under test is away for a moment, and that could not come back.
 */
const firstPort = 20_000;
const portCount = 12_000;

/** Each process begins elsewhere: where one is looking, the others hold few. */
let next = (process.pid * 97) % portCount;

/**
 * Loopback ports that were free a moment ago, all different, and handed out to nobody else while this process lives. For processes
 * that must be told their port, and for servers that come back on it; any other server of a test listens on port 0 instead.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let attempts = 0; ports.length < count && attempts < portCount; attempts++) {
    const port = firstPort + (next++ % portCount);
    if ((await claim(port)) && (await isFree(port))) ports.push(port);
  }
  if (ports.length < count) throw new Error(`fewer than ${count} ports are free from ${firstPort} on`);
  return ports;
}

/**
 * The number of the port is taken where nothing under test is: among those of UDP. It stays taken while a process under test is not
 * there yet or away for a moment, and is given back with this process, however that ends.
 */
async function claim(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    socket.bind({ port, address: "127.0.0.1", exclusive: true });
    await once(socket, "listening");
    // It keeps nobody waiting at the end.
    socket.unref();
    return true;
  } catch {
    socket.close();
    return false;
  }
}

/** Whether nobody else of this machine listens there. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  await once(server.close(), "close");
  return true;
}
