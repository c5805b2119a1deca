import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { pki } from "../node-tls/edge-under-test.ts";
import { proveAnchors } from "./prove-anchors.ts";

const anchor = pki.root("Partner Root").certificate;
const file = { entryId: "ca-set/1", path: "/trust/ca-set-1.pem", pem: "", anchors: [anchor] } as const;

/** A listener that ends each connection when it is told to. */
async function listener(end: (socket: Socket) => void) {
  const server = createServer((socket) => end(socket.on("error", () => undefined))).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, serverName: "shop.example" };
}

describe("several listeners that are asked at once", () => {
  test("prove nothing when one of them does not trust the anchor, in whichever order they answer", async () => {
    const hasFailed = Promise.withResolvers<void>();
    let answers = 0;
    /** The first answer is the wrong one, and only then does the other listener answer. */
    const read = () => {
      answers += 1;
      hasFailed.resolve();
      return { anchor: answers === 1 ? "absent" : "present", detail: `answer ${answers}` } as const;
    };
    const prompt = await listener((socket) => socket.destroy());
    const late = await listener((socket) => void hasFailed.promise.then(() => socket.destroy()));
    const change = { file, added: [anchor], removed: [], removesTrust: false };
    const options = { clock: () => pki.now * 1_000, read, settleMs: 0 };
    expect(await proveAnchors(change, [prompt, late], options)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("should be present, but: answer 1"),
    });
    expect(answers).toBe(2);
  });
});
