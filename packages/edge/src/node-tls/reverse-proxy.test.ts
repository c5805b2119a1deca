import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { request } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { decodeBase64 } from "@tcm/core";
import { freePorts } from "@tcm/testkit";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  binding,
  caSet,
  type Client,
  dial,
  keepAliveAgent,
  openConnection,
  openTestEdge,
  pki,
  send,
  patientLimits,
} from "./edge-under-test.ts";

const root = pki.root("Partner Root");
const upper = root.intermediate("Upper");
const lower = upper.intermediate("Lower");
const client = lower.leaf("client-1");

async function listen(server: Server): Promise<URL> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

async function openProxy(
  url: URL,
  { mode = "deny", limits = patientLimits }: { mode?: "deny" | "observe"; limits?: typeof patientLimits } = {},
) {
  const edge = await openTestEdge({ upstreams: new Map([["shop.example", url]]), limits });
  await edge.deploy(caSet([root]));
  await edge.deploy(binding(["shop.example"], { mode }));
  return edge;
}

/** An edge in front of a server that answers with the raw fields it got. */
async function openEcho(mode: "deny" | "observe" = "deny") {
  const url = await listen(
    createServer((incoming, response) => {
      const { method, url: target, rawHeaders } = incoming;
      void text(incoming).then((content) =>
        response.end(JSON.stringify({ method, target, rawHeaders, content, trailers: incoming.trailers })),
      );
    }),
  );
  const edge = await openProxy(url, { mode });
  return async (sent: Parameters<typeof send>[1]) => JSON.parse((await send(edge, sent)).body);
}

/** Lower-case names, each with its lines. */
function linesOf(rawHeaders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, i) => rawHeaders.slice(2 * i, 2 * i + 2));
  const grouped = Map.groupBy(pairs, ([name = ""]) => name.toLowerCase());
  return new Map([...grouped].map(([name, found]) => [name, found.map(([, value = ""]) => value)]));
}

describe("identity goes upstream by RFC 9440", () => {
  test("as the DER of the leaf, and of each issuer below the anchor, between colons", async () => {
    const echo = await openEcho();
    const lines = linesOf((await echo({ client })).rawHeaders);
    const [leaf = ""] = lines.get("client-cert") ?? [];
    expect(leaf).toMatch(/^:[A-Za-z0-9+/]+=*:$/);
    expect(decodeBase64(leaf.slice(1, -1))).toEqual({ ok: true, bytes: new Uint8Array(client.der) });
    const chain = [lower, upper].map(({ der }) => `:${Buffer.from(der).toString("base64")}:`);
    expect(lines.get("client-cert-chain")).toEqual([chain.join(", ")]);
  });

  test("without a chain when the anchor issued the leaf", async () => {
    const echo = await openEcho();
    const lines = linesOf((await echo({ client: root.leaf("direct") })).rawHeaders);
    expect(lines.has("client-cert")).toBe(true);
    expect(lines.has("client-cert-chain")).toBe(false);
  });

  test("never for a client that was only observed, whose verdict goes in a field of its own", async () => {
    const echo = await openEcho("observe");
    const lines = linesOf((await echo({ client: pki.root("Stranger").leaf("x") })).rawHeaders);
    expect(lines.has("client-cert")).toBe(false);
    expect(lines.get("tcm-client-verdict")).toEqual(["verdict=refused, code=issuer-not-found"]);
    const accepted = linesOf((await echo({ client })).rawHeaders);
    expect(accepted.get("tcm-client-verdict")).toEqual(["verdict=accepted"]);
    expect(accepted.has("client-cert")).toBe(true);
  });
});

describe("what only the edge may say is taken from a client first", () => {
  const forged: readonly string[] = [
    "Client-Cert",
    "client_cert",
    "CLIENT-CERT",
    "Client_Cert",
    "client.cert",
    "Client-Cert-Chain",
    "client_cert_chain",
    "TCM-Client-Verdict",
    "tcm_client_verdict",
    "X-Forwarded-Client-Cert",
    "X-Forwarded-Tls-Client-Cert-Info",
    "X-Amzn-Mtls-Clientcert-Subject",
    "X-ARR-ClientCert",
    "X-SSL-Client-S-DN",
    "SSL_CLIENT_VERIFY",
    "X-Client-Verify",
    "X_Forwarded_For",
    "X-Forwarded-Host",
    "Forwarded",
    "X-Real-IP",
  ];

  test.each(forged)("%s", async (name) => {
    for (const mode of ["deny", "observe"] as const) {
      const echo = await openEcho(mode);
      const { rawHeaders } = await echo({ client, headers: { [name]: "forged" } });
      expect(rawHeaders).not.toContain("forged");
    }
  });

  test("and by naming it in Connection nothing that the edge says is lost", async () => {
    const echo = await openEcho();
    const named = "keep-alive, Client-Cert, client_cert_chain, X-Forwarded-For, Host, Content-Length, X-Private";
    const headers = { Connection: named, "X-Private": "hop", "Client-Cert": "forged" };
    const { rawHeaders, content } = await echo({ client, method: "POST", content: "hello", headers });
    const lines = linesOf(rawHeaders);
    expect(lines.get("client-cert")).toEqual([expect.stringMatching(/^:MII/)]);
    expect(lines.has("client-cert-chain")).toBe(true);
    expect(lines.get("x-forwarded-for")).toEqual(["127.0.0.1"]);
    expect(lines.get("host")).toEqual(["shop.example"]);
    expect(lines.has("x-private")).toBe(false);
    expect(content).toBe("hello");
  });

  test("in trailers, which are not passed on at all", async () => {
    const url = await listen(
      createServer(
        (incoming, response) => void text(incoming).then(() => response.end(JSON.stringify(incoming.rawTrailers))),
      ),
    );
    const edge = await openProxy(url);
    const outgoing = request({
      ...dial(edge, "shop.example", client),
      agent: false,
      method: "POST",
      headers: { Host: "shop.example", Trailer: "Client-Cert" },
    });
    outgoing.write("body");
    outgoing.addTrailers({ "Client-Cert": ":forged:" });
    outgoing.end();
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(await text(incoming)).toBe("[]");
  });

  test("hop-by-hop fields end here", async () => {
    const echo = await openEcho();
    const headers = {
      TE: "trailers",
      "Keep-Alive": "timeout=5",
      "Proxy-Authorization": "Basic x",
      "Proxy-Connection": "keep-alive",
    };
    const lines = linesOf((await echo({ client, headers })).rawHeaders);
    for (const name of Object.keys(headers)) expect(lines.has(name.toLowerCase())).toBe(false);
    expect(lines.get("via")).toEqual(["1.1 tcm-edge"]);
    expect(lines.get("x-forwarded-proto")).toEqual(["https"]);
  });

  test("a field with a name that objects have too is passed on like any other", async () => {
    const echo = await openEcho();
    const lines = linesOf(
      (await echo({ client, headers: JSON.parse('{"__proto__":"1","constructor":"2"}') })).rawHeaders,
    );
    expect([lines.get("__proto__"), lines.get("constructor")]).toEqual([["1"], ["2"]]);
  });
});

describe("requests and answers pass unchanged", () => {
  test("with method, path, query and body", async () => {
    const echo = await openEcho();
    const answer = await echo({ client, method: "PATCH", path: "/a/%2e%2e/b?x=1&y=%00", content: "{}" });
    expect(answer).toMatchObject({ method: "PATCH", target: "/a/%2e%2e/b?x=1&y=%00", content: "{}" });
  });

  test.each([
    "GET",
    "DELETE",
    "POST",
    "PUT",
  ])("with the body of a %s, by length or in chunks, and without one", async (method) => {
    const echo = await openEcho();
    const [length, chunked] = [{ "Content-Length": "5" }, { "Transfer-Encoding": "chunked" }];
    expect(await echo({ client, method, content: "hello", headers: length })).toMatchObject({
      method,
      content: "hello",
    });
    const inChunks = await echo({ client, method, content: "hello", headers: chunked });
    expect(inChunks).toMatchObject({ method, content: "hello" });
    expect(linesOf(inChunks.rawHeaders).get("transfer-encoding")).toEqual(["chunked"]);
    const without = await echo({ client, method });
    expect(without).toMatchObject({ method, content: "" });
    expect(linesOf(without.rawHeaders).has("transfer-encoding")).toBe(false);
  });

  test("a body goes with its own request on a connection that is used again", async () => {
    const echo = await openEcho();
    const agent = keepAliveAgent();
    for (const content of ["GET /x HTTP/1.1\r\nHost: y\r\n\r\n", "second", ""]) {
      expect(await echo({ client, agent, method: "POST", content })).toMatchObject({ target: "/", content });
    }
  });

  test("an absolute target becomes a path", async () => {
    const echo = await openEcho();
    expect(await echo({ client, path: "https://shop.example?x=1" })).toMatchObject({ target: "/?x=1" });
  });

  test("with status, repeated fields and an empty body", async () => {
    const url = await listen(
      createServer((_request, response) => {
        response
          .writeHead(207, "Many", ["Set-Cookie", "a=1", "Set-Cookie", "b=2", "Connection", "X-Hop", "X-Hop", "1"])
          .end();
      }),
    );
    const answer = await send(await openProxy(url), { client });
    expect(answer).toMatchObject({ status: 207, body: "", headers: { "set-cookie": ["a=1", "b=2"] } });
    expect(answer.headers).not.toHaveProperty("x-hop");
  });

  test("HEAD and 304 have no body, and a Content-Length all the same", async () => {
    const url = await listen(
      createServer((incoming, response) =>
        response.writeHead(incoming.method === "HEAD" ? 200 : 304, { "Content-Length": 5 }).end(),
      ),
    );
    const edge = await openProxy(url);
    const agent = keepAliveAgent();
    for (const method of ["HEAD", "GET"]) {
      expect(await send(edge, { client, agent, method })).toMatchObject({
        body: "",
        headers: { "content-length": "5" },
      });
    }
  });

  test("both bodies are streamed at once", async () => {
    const url = await listen(createServer((incoming, response) => incoming.pipe(response)));
    const edge = await openProxy(url);
    const outgoing = request({
      ...dial(edge, "shop.example", client),
      agent: false,
      method: "POST",
      headers: { Host: "shop.example" },
    });
    outgoing.write("first");
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(String((await once(incoming, "data"))[0])).toBe("first");
    outgoing.write("second");
    expect(String((await once(incoming, "data"))[0])).toBe("second");
    outgoing.end("third");
    expect(await text(incoming)).toBe("third");
  });

  test("a slow reader slows the upstream down", async () => {
    const chunk = Buffer.alloc(64 * 1024);
    let written = 0;
    const url = await listen(
      createServer((_request, response) => {
        const write = () => {
          do written += chunk.length;
          while (response.write(chunk));
        };
        response.on("drain", write);
        write();
      }),
    );
    const edge = await openProxy(url);
    const socket = await openConnection(dial(edge, "shop.example", client));
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    // It stands still once every buffer on the way is full; other requests are the measure of time.
    const others = async () => {
      for (let i = 0; i < 20; i++) await send(edge, { hostname: "ca-set-1.tcm.internal" });
      return written;
    };
    await vi.waitUntil(async () => written > 0 && written === (await others()), { timeout: 60_000 });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });
});

describe("an upstream that fails", () => {
  test("is a 502 when nothing listens", async () => {
    const [port] = await freePorts(1);
    expect(await send(await openProxy(new URL(`http://127.0.0.1:${port}`)), { client })).toMatchObject({
      status: 502,
      json: { code: "upstream-unreachable" },
    });
  });

  test.each([
    ["hangs up", (socket: Socket) => socket.destroy()],
    ["does not speak HTTP", (socket: Socket) => socket.end("SSH-2.0-x\r\n")],
    [
      "switches protocols unasked",
      (socket: Socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
    ],
    [
      "switches protocols and does not say to which",
      (socket: Socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    ],
    [
      "sends two lengths",
      (socket: Socket) =>
        socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ],
  ])("is a 502 when it %s", async (_what, behave) => {
    const url = await listen(createTcpServer((socket) => void socket.once("data", () => behave(socket))));
    expect(await send(await openProxy(url), { client })).toMatchObject({ status: 502 });
  });

  test("is a 504 when it says nothing in time", async () => {
    const url = await listen(createTcpServer((socket) => void socket.resume()));
    const edge = await openProxy(url, { limits: { ...patientLimits, upstreamTimeoutMs: 50 } });
    expect(await send(edge, { client })).toMatchObject({ status: 504, json: { code: "upstream-timeout" } });
  });

  test("in the middle of its answer cuts the client's short", async () => {
    const url = await listen(
      createTcpServer(
        (socket) => void socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")),
      ),
    );
    await expect(send(await openProxy(url), { client })).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("to keep its idle connection costs no request", async () => {
    const url = await listen(
      createTcpServer((socket) => {
        let count = 0;
        socket.on("data", () => {
          // Closes the connection on its second request without a word, as a server does whose idle time just ended.
          if (++count === 2) socket.resetAndDestroy();
          else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
      }),
    );
    const edge = await openProxy(url);
    for (let i = 0; i < 4; i++) expect(await send(edge, { client })).toMatchObject({ status: 200, body: "ok" });
  });

  test("is left alone once the client has gone", async () => {
    const arrived = Promise.withResolvers<ServerResponse>();
    const url = await listen(createServer((_request, response) => arrived.resolve(response)));
    const edge = await openProxy(url);
    const socket = await openConnection(dial(edge, "shop.example", client));
    socket.write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    const response = await arrived.promise;
    const gone = once(response, "close");
    socket.destroy();
    await gone;
    expect(response.writableFinished).toBe(false);
  });
});

describe("a message that could be read in two ways", () => {
  const head = "POST / HTTP/1.1\r\nHost: shop.example\r\n";
  const messages: readonly [status: number, what: string, bytes: string][] = [
    [
      400,
      "Content-Length and Transfer-Encoding",
      `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [400, "two lengths", `${head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`],
    [400, "a length with a sign", `${head}Content-Length: +4\r\n\r\nabcd`],
    [400, "a space before the colon", `${head}Content-Length : 4\r\n\r\nabcd`],
    [400, "a folded line", `${head}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`],
    [400, "a bare line feed", "GET / HTTP/1.1\nHost: shop.example\n\n"],
    [400, "a null in a field", `${head}X: a\0b\r\n\r\n`],
    [400, "a chunk length that is no number", `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    [400, "two Hosts", `${head}Host: other.example\r\n\r\n`],
    [400, "no Host", "GET / HTTP/1.1\r\n\r\n"],
    [
      400,
      "chunked in HTTP/1.0",
      "POST / HTTP/1.0\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    [501, "another transfer coding", `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    [501, "an upgrade", `GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
    [431, "too many header bytes", `${head}X: ${"a".repeat(20_000)}\r\n\r\n`],
  ];

  test.each(messages)("is answered %i and goes nowhere: %s", async (status, _what, bytes) => {
    let reached = 0;
    const count: RequestListener = (incoming, response) => {
      // A chunk that turns out to be wrong may come after the head was passed on, but the request is never whole.
      incoming.on("end", () => reached++);
      incoming.resume().on("end", () => response.end());
    };
    const edge = await openProxy(await listen(createServer(count)));
    const socket = await openConnection(dial(edge, "shop.example", client));
    socket.write(bytes);
    expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(reached).toBe(0);
  });

  test("an untrusted client that expects 100-continue is refused before it sends its body", async () => {
    const stranger: Client = pki.root("Stranger").leaf("x");
    const url = await listen(
      createServer((incoming, response) => void text(incoming).then((content) => response.end(content))),
    );
    const edge = await openProxy(url);
    const socket = await openConnection(dial(edge, "shop.example", stranger));
    socket.write(`${head}Content-Length: 4\r\nExpect: 100-continue\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 403 /);
    const trusted = await send(edge, { client, method: "POST", content: "abcd", headers: { Expect: "100-continue" } });
    expect(trusted.body).toBe("abcd");
  });
});
