import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, get } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { testPki } from "@tcm/testkit";
import Fastify from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import type { App } from "./route.ts";
import { boundUnknownCallers, unknownRoom } from "./unknown-callers.ts";

const certificate = testPki({ now: new Date() }).root("Root").server("localhost");
const patient = { timeout: 60_000 };

/** A server that knows whoever asks with a credential. */
async function openServer(room: { readonly most: number; readonly mostOfGroup: number }) {
  const tls = { https: { key: certificate.privateKeyPem, cert: certificate.pem } } as unknown as { http: object };
  const app = Fastify({ ...tls, forceCloseConnections: true }) as unknown as App;
  app.addHook("onRequest", async (request) => {
    if (request.headers.authorization !== undefined) request.actor = { name: "token-1", role: "viewer" };
  });
  boundUnknownCallers(app, { ...room, patienceMs: 0 }, () => 0);
  app.get("/", async () => ({}));
  await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => app.close());
  const count = () => new Promise<number>((resolve) => app.server.getConnections((_, number) => resolve(number)));
  return { port: (app.server.address() as AddressInfo).port, count };
}

/** More at a time than the system queues for the server would be lost without a word. */
const atOnce = 100;

/** Sockets that say nothing; how many of them were ended. */
async function openSilent(port: number, count: number, addressOf: (i: number) => string): Promise<() => number> {
  let ended = 0;
  const open = (i: number): Socket => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: addressOf(i) });
    socket.on("error", () => undefined).on("close", () => ended++);
    onTestFinished(() => {
      socket.destroy();
    });
    return socket.resume();
  };
  for (let from = 0; from < count; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - from) }, (_, i) => open(from + i));
    await Promise.allSettled(some.map((socket) => once(socket, "connect")));
  }
  return () => ended;
}

/** Asks again and again on one connection; answers on how many it had to. */
function openCaller(port: number, localAddress: string, headers = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => {
    agent.destroy();
  });
  const used = new Set<Socket>();
  return async () => {
    const request = get({ agent, host: "127.0.0.1", port, localAddress, headers, rejectUnauthorized: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await text(response);
    if (request.socket !== null) used.add(request.socket);
    return [response.statusCode, used.size];
  };
}

describe("connections of callers whom nobody knows", () => {
  test("are so many at most, from however many addresses, and keep nobody out", async () => {
    const { port, count } = await openServer({ most: 320, mostOfGroup: 160 });
    const ended = await openSilent(port, 600, (i) => `127.0.3.${1 + (i % 20)}`);
    await expect.poll(ended, patient).toBe(280);
    for (let i = 0; i < 10; i++) expect(await openCaller(port, "127.0.0.1")()).toEqual([200, 1]);
    expect(await count()).toBeLessThanOrEqual(320);
  });

  test("of one address leave room for others, and the oldest make it for those that come after them behind the same NAT", async () => {
    const { port, count } = await openServer({ most: 60, mostOfGroup: 40 });
    const ended = await openSilent(port, 100, () => "127.0.3.1");
    await expect.poll(ended, patient).toBe(60);
    expect(await openCaller(port, "127.0.3.1")()).toEqual([200, 1]);
    await expect.poll(ended, patient).toBe(61);
    expect(await openCaller(port, "127.0.0.1")()).toEqual([200, 1]);
    expect(await count()).toBe(41);
    expect(ended()).toBe(61);
  });

  test("are those of a known one no more, which no flood ends", async () => {
    const { port } = await openServer({ most: 20, mostOfGroup: 20 });
    const known = openCaller(port, "127.0.3.1", { authorization: "Bearer token" });
    const stranger = openCaller(port, "127.0.3.1");
    expect([await known(), await stranger()]).toEqual([
      [200, 1],
      [200, 1],
    ]);
    const ended = await openSilent(port, 60, () => "127.0.3.1");
    await expect.poll(ended, patient).toBe(40);
    expect(await known()).toEqual([200, 1]);
    expect(await stranger()).toEqual([200, 2]);
  });

  test("are bounded where the control plane listens", async () => {
    const plane = await ControlPlaneHarness.start({ listen: { tls: "self-signed" } });
    onTestFinished(() => plane.remove());
    const tooMany = 50;
    const port = Number(new URL(plane.controlPlane.localUrl).port);
    const ended = await openSilent(port, unknownRoom.mostOfGroup + tooMany, () => "127.0.3.1");
    await expect.poll(ended, patient).toBeGreaterThanOrEqual(tooMany);
    expect((await plane.ask("GET", "/ca-sets")).status).toBe(200);
  });
});
