import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/**
 * Loopback ports that were free a moment ago, all different: they are held open together and released together. For
 * processes that must be told their port; a server in the test itself listens on port 0 instead.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, "close");
    }),
  );
  return ports;
}
