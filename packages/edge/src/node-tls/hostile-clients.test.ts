import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";
import { binding, caSet, dial, openConnection, openTestEdge, pki, send } from "./edge-under-test.ts";

const root = pki.root("Partner Root");
const client = root.leaf("client-1");

/** Each of these is cut after every number of bytes that makes a difference. */
const messages = [
  "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\nGET /2 HTTP/1.1\r\nHost: shop.example\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\nabc",
  "POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nFFFFFFFFFFFFFFFFFF\r\n",
  "CONNECT other.example:443 HTTP/1.1\r\nHost: shop.example\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\u0016\u0003\u0001\u0000\u0001\u0000",
];

/** An edge that lets in the client, and passes on what it asks. */
async function openInFrontOf(answer: RequestListener) {
  const upstream = createServer(answer).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  onTestFinished(() => {
    upstream.closeAllConnections();
    upstream.close();
  });
  const url = new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  const edge = await openTestEdge({ upstreams: new Map([["shop.example", url]]) });
  await edge.deploy(caSet([root]));
  await edge.deploy(binding(["shop.example"]));
  return edge;
}

test("clients that leave at any moment, in any state, cost nobody else anything", async () => {
  const edge = await openInFrontOf((incoming, response) => void incoming.resume().pipe(response));

  const leave = async (bytes: string, as: typeof client | undefined, isAbrupt: boolean) => {
    const socket = connect(dial(edge, "shop.example", as));
    socket.on("error", () => undefined);
    await once(socket, "secureConnect");
    socket.write(bytes);
    const left = once(socket, "close");
    if (isAbrupt) setImmediate(() => socket.destroy());
    else socket.end();
    socket.resume();
    await left;
  };
  for (const [index, message] of messages.entries()) {
    for (const length of [1, 20, 45, message.length - 1, message.length]) {
      await Promise.all([
        leave(message.slice(0, length), client, index % 2 === 0),
        leave(message.slice(0, length), client, index % 2 === 1),
        leave(message.slice(0, length), undefined, length % 2 === 0),
      ]);
      const raw = connectTcp(edge.port, "127.0.0.1");
      raw.on("error", () => undefined);
      raw.write(message.slice(0, length));
      raw.end();
      await once(raw.resume(), "close");
    }
  }
  expect(await send(edge, { client })).toMatchObject({ status: 200 });
  expect(edge.logged.filter(({ message }) => message.includes("fault"))).toEqual([]);
  await vi.waitFor(
    async () => {
      const withdrawn = await edge.deploy(caSet([root], 2));
      expect(withdrawn).toMatchObject({ detail: "1 anchor read back; 0 connections checked again, 0 closed" });
    },
    { timeout: 60_000 },
  );
});

test("what comes after a request that ends the connection is not handed on (RFC 9112 §9.6)", async () => {
  const targets: (string | undefined)[] = [];
  const edge = await openInFrontOf(({ url }, response) => {
    targets.push(url);
    response.end();
  });

  const socket = await openConnection(dial(edge, "shop.example", client));
  const post = (target: string, host: string) =>
    `POST ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`;
  const hosts = ["shop.example", "other.example", "shop.example", "shop.example"];
  socket.write(hosts.map((host, i) => post(`/${i + 1}`, host)).join(""));
  const answers = (await text(socket)).match(/^HTTP\/1\.1 \d+/gm);
  expect(answers).toEqual(["HTTP/1.1 200", "HTTP/1.1 421"]);
  // Whoever sends the rest once more, as it was not answered, has it done once.
  await send(edge, { client, path: "/last" });
  expect(targets).toEqual(["/1", "/last"]);
});
