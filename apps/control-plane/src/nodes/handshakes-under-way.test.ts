import { once } from "node:events";
import { connect as connectHttp2, createSecureServer } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { boundHandshakes } from "./handshakes-under-way.ts";

const server = testPki({ now: new Date() }).root("Root").server("localhost");

async function openServer(most: number) {
  const opened = createSecureServer({ key: server.privateKeyPem, cert: server.pem });
  boundHandshakes(opened, most, () => 0);
  let ended = 0;
  opened.on("tlsClientError", () => ended++);
  opened.listen(0, "127.0.0.1");
  await once(opened, "listening");
  onTestFinished(() => void opened.close());
  // A client may take itself for connected while it waits in the queue of the system.
  const count = () => new Promise<number>((resolve) => opened.getConnections((_, number) => resolve(number)));
  return { port: (opened.address() as AddressInfo).port, count, ended: () => ended };
}

/** Sockets that never begin a handshake. */
function openSilent(port: number, count: number, addressOf: (i: number) => string): readonly Socket[] {
  return Array.from({ length: count }, (_, i) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: addressOf(i) });
    socket.on("error", () => undefined).resume();
    onTestFinished(() => {
      socket.destroy();
    });
    return socket;
  });
}

/** A node's connection, which stays. */
async function joins(port: number): Promise<boolean> {
  const client = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  onTestFinished(() => {
    client.destroy();
  });
  client.on("error", () => undefined);
  const isIn = once(client, "remoteSettings").then(() => true);
  return Promise.race([isIn, once(client, "close").then(() => false)]).catch(() => false);
}

describe("connections that do not begin a handshake", () => {
  const patient = { timeout: 60_000 };

  test("are so many at most, and keep no node out, however many come", async () => {
    const { port, count, ended } = await openServer(400);
    openSilent(port, 2_000, (i) => `127.0.3.${1 + (i % 20)}`);
    await expect.poll(ended, patient).toBeGreaterThan(100);
    for (let i = 0; i < 20; i++) expect(await joins(port)).toBe(true);
    // One that makes room for another is counted until it is closed.
    await expect.poll(count, patient).toBeLessThanOrEqual(420);
  });

  test("give their place back when they close, and nodes theirs when their handshake is over", async () => {
    const { port, count } = await openServer(2);
    for (let i = 0; i < 6; i++) expect(await joins(port)).toBe(true);
    const silent = openSilent(port, 2, () => "127.0.0.1");
    await expect.poll(count, patient).toBe(8);
    expect(await joins(port)).toBe(false);
    for (const socket of silent) socket.destroy();
    await expect.poll(() => joins(port), patient).toBe(true);
  });
});
