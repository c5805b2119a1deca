import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { constants } from "node:crypto";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { serverRoot } from "../node-tls/edge-under-test.ts";
import { resumptionOffer } from "./resumption-offer.ts";
import { clientHello, readServerHello } from "./server-hello.ts";

const { pem: cert, privateKeyPem: key } = serverRoot.server("shop.example");

async function listening(server: ReturnType<typeof createServer>) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, serverName: "shop.example" };
}

const ofTls = (options: TlsOptions) => listening(createTlsServer({ cert, key, ...options }));

describe("what a server says about resumption in its first message", () => {
  test("tickets", async () => {
    expect(await resumptionOffer(await ofTls({}))).toMatchObject({ tickets: true });
  });

  test("a session id and no ticket", async () => {
    const target = await ofTls({ secureOptions: constants.SSL_OP_NO_TICKET });
    expect(await resumptionOffer(target)).toEqual({ tickets: false, sessionIds: true });
  });

  test("is not known of one that speaks TLS 1.3 alone", async () => {
    expect(await resumptionOffer(await ofTls({ minVersion: "TLSv1.3" }))).toBeUndefined();
  });

  test.each<[string, (socket: Socket) => void]>([
    ["hangs up", (socket) => socket.destroy()],
    ["speaks HTTP", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["sends a record that is no handshake", (socket) => socket.end(Buffer.of(21, 3, 3, 0, 2, 2, 40))],
    ["sends a ServerHello cut short", (socket) => socket.end(Buffer.of(22, 3, 3, 0, 4, 2, 0, 0, 90))],
  ])("is not known of one that %s", async (_what, answer) => {
    const target = await listening(
      createServer((socket) => socket.on("error", () => undefined).once("data", () => answer(socket))),
    );
    expect(await resumptionOffer(target)).toBeUndefined();
  });

  test("whatever comes is read without a throw", () => {
    const record = fc.uint8Array({ maxLength: 120 }).map((body) => {
      return Buffer.concat([Buffer.of(22, 3, 3, 0, body.length), body]);
    });
    const hello = fc.uint8Array({ maxLength: 120 }).map((rest) => {
      const body = Buffer.concat([Buffer.of(2, 0, 0, rest.length + 34, 3, 3), Buffer.alloc(32), rest]);
      return Buffer.concat([Buffer.of(22, 3, 3, 0, body.length), body]);
    });
    fc.assert(
      fc.property(fc.oneof(record, hello), (bytes) => {
        expect(readServerHello(bytes)).not.toBe(undefined);
        expect(readServerHello(bytes.subarray(0, -1))).toBe(undefined);
      }),
    );
  });

  test("is asked for in one record of the length that it says", () => {
    const hello = clientHello("shop.example");
    expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
    expect(hello.readUIntBE(6, 3)).toBe(hello.length - 9);
  });
});
