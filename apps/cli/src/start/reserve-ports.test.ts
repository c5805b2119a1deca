import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { reservePorts } from "./reserve-ports.ts";

const anyPort = { api: 0, node: 0, staging: 0, production: 0 };

async function occupy(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("the ports of an instance", () => {
  test("are four different ones where any will do", async () => {
    const { api, node, staging, production } = await reservePorts(anyPort, true);
    expect(new Set([api, node, staging, production, 0]).size).toBe(5);
  });

  test("that are in use are named with the option that changes them", async () => {
    const taken = await occupy();
    await expect(reservePorts({ ...anyPort, staging: taken }, true)).rejects.toMatchObject({
      exitCode: 2,
      message: `Port ${taken} is in use by another process. Stop that one, or choose another port with --staging-port.`,
    });
  });

  test("cannot be the same twice", async () => {
    const { api } = await reservePorts(anyPort, true);
    for (const hasEdges of [true, false]) {
      const same = reservePorts({ ...anyPort, api, node: api }, hasEdges);
      await expect(same).rejects.toThrow(`Port ${api} is given twice.`);
    }
  });

  test("of edges are nobody's without edges: others may have them", async () => {
    const taken = await occupy();
    const { api, node } = await reservePorts({ ...anyPort, staging: taken, production: taken }, false);
    expect(new Set([api, node, taken, 0]).size).toBe(4);
  });
});
