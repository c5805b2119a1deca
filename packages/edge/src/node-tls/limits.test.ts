import { encodeOctetString } from "@tcm/core";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  binding,
  caSet,
  dial,
  failureOf,
  openConnection,
  openTestEdge,
  pki,
  send,
  patientLimits,
} from "./edge-under-test.ts";

const root = pki.root("Partner Root");
const client = root.leaf("client-1");

async function openLimited(limits: Partial<typeof patientLimits>) {
  const edge = await openTestEdge({ limits: { ...patientLimits, ...limits } });
  await edge.deploy(caSet([root]));
  await edge.deploy(binding(["shop.example"]));
  return edge;
}

function openSilent(port: number) {
  const socket = connectTcp(port, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  return socket.resume();
}

describe("whoever connects has only so long", () => {
  test("for the handshake: a silent connection is closed, and counted", async () => {
    const edge = await openLimited({ handshakeTimeoutMs: 50 });
    await once(openSilent(edge.port), "close");
    expect(edge.edge.counters()).toMatchObject([{ outcome: "failed", reason: "ERR_TLS_HANDSHAKE_TIMEOUT", count: 1 }]);
  });

  test.each([
    "",
    "GET / HTTP/1.1\r\nHost: shop.exa",
  ])("for the head of a request, of which it sent %j", async (part) => {
    const edge = await openLimited({ headersTimeoutMs: 50 });
    const socket = await openConnection(dial(edge, "shop.example", client));
    socket.write(part);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
  });

  test("between two pieces of a body", async () => {
    const reader = createTcpServer((socket) => void socket.on("error", () => undefined).resume()).listen(
      0,
      "127.0.0.1",
    );
    await once(reader, "listening");
    onTestFinished(() => void reader.close());
    const upstream = new URL(`http://127.0.0.1:${(reader.address() as AddressInfo).port}`);
    const limits = { ...patientLimits, requestIdleTimeoutMs: 50 };
    const edge = await openTestEdge({ limits, upstreams: new Map([["shop.example", upstream]]) });
    await edge.deploy(caSet([root]));
    await edge.deploy(binding(["shop.example"]));
    const socket = await openConnection(dial(edge, "shop.example", client));
    socket.on("error", () => undefined);
    socket.write("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 10\r\n\r\nabc");
    await once(socket.resume(), "close");
    expect(edge.logged).toEqual([]);
  });

  test("between two requests", async () => {
    const edge = await openLimited({ keepAliveTimeoutMs: 50 });
    const socket = await openConnection(dial(edge, "shop.example", client));
    socket.write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    expect(await text(socket)).toContain("200 OK");
  });
});

describe("whoever connects has only so many connections", () => {
  test("per address, those in their handshake included, and gets them back when they close", async () => {
    const edge = await openLimited({ maxConnectionsPerAddress: 2 });
    const silent = openSilent(edge.port);
    await once(silent, "connect");
    const served = await openConnection(dial(edge, "shop.example", client));
    expect(await failureOf(dial(edge, "shop.example", client))).toMatch(/ECONNRESET|EPIPE|ended/);
    silent.destroy();
    await vi.waitFor(async () => expect(await send(edge, { client })).toMatchObject({ status: 200 }), {
      timeout: 60_000,
    });
    expect(served.destroyed).toBe(false);
  });

  test("in total while it is not accepted: silent and refused ones make no room, accepted ones do", async () => {
    const edge = await openLimited({ maxUnacceptedConnections: 2, unacceptedPatienceMs: 600_000 });
    const accepted = [];
    for (let i = 0; i < 4; i++) accepted.push(await openConnection(dial(edge, "shop.example", client)));
    const silent = openSilent(edge.port);
    await once(silent, "connect");
    const refused = await openConnection(dial(edge, "shop.example", pki.root("Unknown Root").leaf("stranger")));
    expect(await failureOf(dial(edge, "shop.example", client))).toMatch(/ECONNRESET|EPIPE|ended/);
    silent.destroy();
    await vi.waitFor(async () => expect(await send(edge, { client })).toMatchObject({ status: 200 }), {
      timeout: 60_000,
    });
    expect([...accepted, refused].every(({ destroyed }) => !destroyed)).toBe(true);
  });

  test("in total", async () => {
    const edge = await openLimited({ maxConnections: 1 });
    await openConnection(dial(edge, "shop.example", client));
    expect(await failureOf(dial(edge, "shop.example", client))).toMatch(/ECONNRESET|EPIPE|ended/);
  });
});

describe("closing the edge", () => {
  test("ends idle connections and silent ones, and can be asked for twice", async () => {
    const edge = await openLimited({});
    const silent = openSilent(edge.port);
    const idle = await openConnection(dial(edge, "shop.example", client));
    const gone = Promise.all([once(silent, "close"), once(idle.resume(), "close")]);
    await Promise.all([edge.edge.close(), edge.edge.close()]);
    await gone;
    expect(await edge.deploy(caSet([root], 2))).toMatchObject({ ok: false, code: "engine-refused" });
  });
});

describe("whoever connects holds only so much", () => {
  test("of the upstream: requests that wait for no answer end the connection when they are too many", async () => {
    let opened = 0;
    const silent = createTcpServer((socket) => {
      opened++;
      socket.on("error", () => undefined).resume();
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const upstream = new URL(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const edge = await openTestEdge({ upstreams: new Map([["shop.example", upstream]]) });
    await edge.deploy(caSet([root]));
    await edge.deploy(binding(["shop.example"]));
    const socket = await openConnection(dial(edge, "shop.example", client));
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n".repeat(1_000));
    await once(socket.resume(), "close");
    expect(opened).toBeLessThanOrEqual(16);
  });

  test("of the upstream: what is too much for it is answered at once, and what waits gives its place back", async () => {
    const waiting = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(waiting, "listening");
    onTestFinished(() => {
      waiting.closeAllConnections();
      waiting.close();
    });
    const upstream = new URL(`http://127.0.0.1:${(waiting.address() as AddressInfo).port}`);
    const limits = { ...patientLimits, maxUpstreamRequests: 2 };
    const edge = await openTestEdge({ limits, upstreams: new Map([["shop.example", upstream]]) });
    await edge.deploy(caSet([root]));
    await edge.deploy(binding(["shop.example"]));
    const held: TLSSocket[] = [];
    for (let i = 0; i < 2; i++) {
      const socket = await openConnection(dial(edge, "shop.example", client));
      const asked = once(waiting, "request");
      socket.on("error", () => undefined).write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
      await asked;
      held.push(socket);
    }
    const busy = await send(edge, { client });
    expect([busy.status, (JSON.parse(busy.body) as { code: string }).code]).toEqual([503, "upstream-busy"]);
    waiting.on("request", (_request, response: ServerResponse) => void response.end("served"));
    for (const socket of held) socket.destroy();
    await vi.waitFor(async () => expect(await send(edge, { client })).toMatchObject({ status: 200, body: "served" }), {
      timeout: 60_000,
    });
  });

  test("of the upstream, and sixteen requests at once are answered", async () => {
    const edge = await openLimited({});
    const socket = await openConnection(dial(edge, "shop.example", client));
    const one = "GET / HTTP/1.1\r\nHost: shop.example\r\n";
    socket.write(`${one}\r\n`.repeat(15) + `${one}Connection: close\r\n\r\n`);
    expect((await text(socket)).match(/200 OK/g)).toHaveLength(16);
  });

  test("of what it presented: more than is read ends the connection", async () => {
    const edge = await openLimited({});
    const value = encodeOctetString(new Uint8Array(40_000));
    const large = root.leaf("large", { extraExtensions: [{ oid: "1.3.6.1.4.1.1", critical: false, value }] });
    const socket = await openConnection(dial(edge, "shop.example", large));
    socket.on("error", () => undefined);
    await once(socket.resume(), "close");
    expect(edge.logged).toMatchObject([{ message: "client refused", fields: { code: "budget-presented" } }]);
  });

  test("of what it presented: after a refusal that is read again, when its CA was added", async () => {
    const other = pki.root("Other Root");
    const late = other.intermediate("Other Issuing").leaf("late");
    const edge = await openLimited({});
    const socket = await openConnection(dial(edge, "shop.example", late));
    await vi.waitFor(() => expect(edge.logged).toMatchObject([{ message: "client refused" }]), { timeout: 60_000 });
    await edge.deploy(caSet([root, other], 2));
    socket.write("GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
    expect(await text(socket)).toContain("200 OK");
  });
});
