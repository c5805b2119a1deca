import { once } from "node:events";
import { request } from "node:https";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  binding,
  caSet,
  dial,
  keepAliveAgent,
  openConnection,
  openTestEdge,
  pki,
  send,
  patientLimits,
} from "./edge-under-test.ts";

const staying = pki.root("Staying Root");
const leaving = pki.root("Leaving Root");
const kept = staying.intermediate("Staying Issuing").leaf("kept");
const removed = leaving.leaf("removed");

async function openBoth(overrides: Parameters<typeof openTestEdge>[0] = {}) {
  const edge = await openTestEdge(overrides);
  await edge.deploy(caSet([staying, leaving]));
  await edge.deploy(binding(["shop.example"]));
  return edge;
}

/** An upstream whose answers the test gives by hand. */
async function openHeldUpstream() {
  const arrivals: ((exchange: { request: IncomingMessage; response: ServerResponse }) => void)[] = [];
  const server = createServer((incoming, response) => arrivals.shift()?.({ request: incoming, response }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const next = () =>
    new Promise<{ request: IncomingMessage; response: ServerResponse }>((resolve) => arrivals.push(resolve));
  return { upstreams: new Map([["shop.example", url]]), next };
}

describe("after a CA is removed", () => {
  test("its client is refused on a new connection", async () => {
    const edge = await openBoth();
    expect(await send(edge, { client: removed })).toMatchObject({ status: 200 });
    await edge.deploy(caSet([staying], 2));
    expect(await send(edge, { client: removed })).toMatchObject({ status: 403, json: { code: "issuer-not-found" } });
    expect(await send(edge, { client: kept })).toMatchObject({ status: 200, json: { version: 2 } });
  });

  test.each([
    "TLSv1.2",
    "TLSv1.3",
  ] as const)("no session can be resumed, before or after, in %s", async (maxVersion) => {
    const edge = await openBoth();
    const options = { ...dial(edge, "shop.example", removed), maxVersion, ALPNProtocols: ["http/1.1"] };
    const first = await openConnection(options);
    const sessions: Buffer[] = [];
    first.on("session", (session) => sessions.push(session));
    const initial = first.getSession();
    first.write("GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
    expect(await text(first)).toContain("200 OK");
    const session = sessions.at(-1) ?? initial;
    expect(session).toBeInstanceOf(Buffer);
    for (const change of [undefined, caSet([staying], 2)]) {
      if (change !== undefined) await edge.deploy(change);
      const again = connect({ ...options, session });
      await once(again, "secureConnect");
      expect(again.isSessionReused()).toBe(false);
      again.write("GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
      expect(await text(again)).toContain(change === undefined ? "200 OK" : "403 Forbidden");
    }
  });

  test("its idle connection is closed before the change is proved, and the other stays", async () => {
    const edge = await openBoth();
    const [ofRemoved, ofKept] = [keepAliveAgent(), keepAliveAgent()];
    await send(edge, { client: removed, agent: ofRemoved });
    await send(edge, { client: kept, agent: ofKept });
    const [socketOfRemoved] = Object.values(ofRemoved.freeSockets).flat();
    const [socketOfKept] = Object.values(ofKept.freeSockets).flat();
    const closed = once(socketOfRemoved as NonNullable<typeof socketOfRemoved>, "close");
    expect(await edge.deploy(caSet([staying], 2))).toEqual({
      ok: true,
      detail: "1 anchor read back; 2 connections checked again, 1 closed",
    });
    await closed;
    expect(await send(edge, { client: kept, agent: ofKept })).toMatchObject({ status: 200, json: { version: 2 } });
    expect(socketOfKept?.destroyed).toBe(false);
  });

  test("its request in flight is answered, and its connection closed after it, before the change is proved", async () => {
    const upstream = await openHeldUpstream();
    const edge = await openBoth({ upstreams: upstream.upstreams });
    const agent = keepAliveAgent();
    const arrival = upstream.next();
    const answer = send(edge, { client: removed, agent });
    const { response } = await arrival;
    let isProved = false;
    const proof = edge.deploy(caSet([staying], 2)).then((outcome) => {
      isProved = true;
      return outcome;
    });
    // A whole new handshake goes by: the proof has had every occasion to be hasty.
    await send(edge, { client: undefined });
    expect(isProved).toBe(false);
    response.end("in time");
    expect(await answer).toMatchObject({ status: 200, body: "in time", headers: { connection: "close" } });
    expect(await proof).toMatchObject({ ok: true, detail: expect.stringContaining("1 closed") });
  });

  test("its request in flight is cut off when the grace has passed", async () => {
    const upstream = await openHeldUpstream();
    const edge = await openBoth({ upstreams: upstream.upstreams, limits: { ...patientLimits, graceMs: 20 } });
    const arrival = upstream.next();
    const answer = send(edge, { client: removed }).catch((error: NodeJS.ErrnoException) => error.code);
    const { response } = await arrival;
    const abandoned = once(response, "close");
    expect(await edge.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
    expect(await answer).toBe("ECONNRESET");
    await abandoned;
  });

  test("a request that comes between application and proof is refused by what is applied", async () => {
    const edge = await openBoth();
    const agent = keepAliveAgent();
    await send(edge, { client: removed, agent });
    const change = {
      entryId: "ca-set/1",
      generation: { epoch: 1, number: 9 },
      previous: null,
      next: caSet([staying], 2),
    };
    await edge.edge.apply(change);
    expect(await send(edge, { client: removed, agent })).toMatchObject({ status: 403 });
    expect(await edge.edge.verify(change)).toMatchObject({ ok: true });
  });

  test("a client that was never let in keeps its connection for its refusal", async () => {
    const edge = await openBoth();
    const socket = await openConnection(dial(edge, "shop.example", pki.root("Stranger").leaf("x")));
    await vi.waitUntil(() => edge.edge.counters().length === 1, { timeout: 60_000 });
    await edge.deploy(caSet([staying], 2));
    socket.write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    expect(await text(socket)).toContain("issuer-not-found");
  });
});

describe("clients still trusted", () => {
  test("lose no request and no connection while the set is changed again and again", async () => {
    const edge = await openBoth();
    const agents = Array.from({ length: 5 }, () => keepAliveAgent());
    const ports = new Set<number | undefined>();
    const over = new AbortController();
    const running = agents.map(async (agent) => {
      const statuses: number[] = [];
      while (!over.signal.aborted) {
        const outgoing = request({ ...dial(edge, "shop.example", kept), agent, headers: { Host: "shop.example" } });
        outgoing.end();
        const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
        await text(incoming);
        ports.add(outgoing.socket?.localPort);
        statuses.push(incoming.statusCode ?? 0);
      }
      return statuses;
    });
    // What fails while versions change is told at the end, and not as a rejection that nobody handles.
    const answers = Promise.all(running);
    answers.catch(() => undefined);
    for (let version = 2; version <= 60; version++) {
      expect(await edge.deploy(caSet(version % 2 === 0 ? [staying] : [staying, leaving], version))).toMatchObject({
        ok: true,
      });
      await send(edge, { client: version % 2 === 0 ? kept : removed });
    }
    over.abort();
    const statuses = (await answers).flat();
    expect(statuses.length).toBeGreaterThan(60);
    expect(statuses.every((status) => status === 200)).toBe(true);
    expect(ports.size).toBe(agents.length);
  });
});

describe("a change of what a hostname is bound to", () => {
  test("from observe to deny closes connections that were only observed", async () => {
    const edge = await openTestEdge();
    await edge.deploy(caSet([staying]));
    await edge.deploy(binding(["shop.example"], { mode: "observe" }));
    const agent = keepAliveAgent();
    expect(await send(edge, { client: removed, agent })).toMatchObject({ status: 200 });
    expect(await edge.deploy(binding(["shop.example"]))).toMatchObject({ detail: expect.stringContaining("1 closed") });
    expect(await send(edge, { client: removed })).toMatchObject({ status: 403 });
  });

  test("that withdraws the hostname closes all of its connections", async () => {
    const edge = await openBoth();
    const agent = keepAliveAgent();
    await send(edge, { client: kept, agent });
    expect(await edge.withdraw(binding(["shop.example"]))).toMatchObject({
      ok: true,
      detail: expect.stringContaining("1 closed"),
    });
    await expect(send(edge, { client: kept })).rejects.toThrow(/alert handshake failure/);
  });

  test("that withdraws the set refuses everybody there", async () => {
    const edge = await openBoth();
    const agent = keepAliveAgent();
    await send(edge, { client: kept, agent });
    expect(await edge.withdraw(caSet([staying, leaving]))).toMatchObject({
      ok: true,
      detail: expect.stringContaining("1 closed"),
    });
    expect(await send(edge, { client: kept })).toMatchObject({ status: 403, json: { code: "ca-set-not-active" } });
  });
});

describe("a path that runs out while its connection is open", () => {
  test("ends the connection", async () => {
    let ahead = 0;
    const edge = await openBoth({
      clock: () => Date.now() + ahead,
      limits: { ...patientLimits, recheckIntervalMs: 10 },
    });
    const brief = staying.leaf("brief", { notAfter: pki.now + 3_600 });
    const socket = await openConnection(dial(edge, "shop.example", brief));
    const closed = once(socket, "close");
    socket.write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    expect(String((await once(socket, "data"))[0])).toContain("200 OK");
    ahead = 2 * 3_600_000;
    socket.resume();
    await closed;
  });
});

describe("a proof", () => {
  test("fails for what was never applied", async () => {
    const edge = await openBoth();
    const change = {
      entryId: "ca-set/1",
      generation: { epoch: 1, number: 9 },
      previous: null,
      next: caSet([staying], 7),
    };
    expect(await edge.edge.verify(change)).toMatchObject({ ok: false, code: "proof-failed" });
    expect(await edge.edge.verify({ ...change, next: null })).toMatchObject({ ok: false, code: "proof-failed" });
  });
});
