import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { nodeRefusal } from "@tcm/api-contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { type NodeAccount, nodeRequest } from "../testing/fake-node.ts";

let plane: ControlPlaneHarness;
let opened: ClientHttp2Session[];
beforeEach(async () => {
  plane = await ControlPlaneHarness.start();
  opened = [];
});
afterEach(async () => {
  for (const client of opened) client.destroy();
  await plane.remove();
});

const loopbacks = (most: number) => Array.from({ length: most }, (_, i) => `127.0.0.${i + 1}`);

function openClient(account: Partial<NodeAccount>, localAddress: string): ClientHttp2Session {
  const { certificate: cert, privateKey: key } = account;
  const options = { cert, key, localAddress, rejectUnauthorized: false };
  const client = connect(plane.controlPlane.nodeUrl, options);
  client.on("error", () => undefined);
  opened.push(client);
  return client;
}

/** Settings come from whoever lets the connection in. */
async function open(account: Partial<NodeAccount>, localAddress = "127.0.0.1"): Promise<boolean> {
  const client = openClient(account, localAddress);
  const admitted = once(client, "remoteSettings").then(() => true);
  return Promise.race([admitted, once(client, "close").then(() => false)]).catch(() => false);
}

const admitted = async (count: number, account: Partial<NodeAccount>, address?: string) => {
  const all = await Promise.all(Array.from({ length: count }, () => open(account, address)));
  return all.filter(Boolean).length;
};

/** Handshakes by the hundred. */
const patient = { timeout: 120_000 };
const stillOpen = () => opened.filter((client) => !client.closed && !client.destroyed).length;

const join = () =>
  nodeRequest(plane.controlPlane.nodeUrl, {}, { ":path": "/node/v1/enrolment" }, JSON.stringify({ secret: "x" }));

describe("strangers", () => {
  test("of one address are forty at most, and leave room for those of others", async () => {
    expect(await admitted(60, {}, "127.0.0.2")).toBeGreaterThanOrEqual(40);
    await expect.poll(stillOpen, patient).toBe(40);
    expect((await join()).status).toBe(401);
  });

  test("of all addresses are two hundred at most; nodes connect all the same", async () => {
    for (const address of loopbacks(6)) await admitted(40, {}, address);
    await expect.poll(stillOpen, patient).toBe(200);
    await (await plane.connect(plane.localNode("STAGING"))).close();
  });

  test("that hold every place, and take each again that they lose, keep no node from joining", async () => {
    const over = new AbortController();
    const held = new Set<ClientHttp2Session>();
    let lost = 0;
    const holds = async (address: string): Promise<void> => {
      while (!over.signal.aborted) {
        const client = openClient({}, address);
        client.once("remoteSettings", () => held.add(client));
        await new Promise((resolve) => client.once("close", resolve));
        if (held.delete(client)) lost += 1;
      }
    };
    // Five addresses, forty places each.
    const attackers = loopbacks(6).slice(1);
    const attack = Promise.all(attackers.flatMap((address) => Array.from({ length: 40 }, () => holds(address))));
    await expect.poll(() => held.size, patient).toBe(200);
    for (let i = 0; i < 20; i++) expect((await join()).status).toBe(401);
    expect(lost).toBeGreaterThan(0);
    over.abort();
    for (const client of opened) client.destroy();
    await attack;
  });

  test("make room when they leave", async () => {
    await admitted(41, {});
    await expect.poll(stillOpen, patient).toBe(40);
    for (const client of opened) client.destroy();
    await expect.poll(async () => (await join().catch(() => undefined))?.status, patient).toBe(401);
  });
});

describe("a certificate that is good no more", () => {
  const askOn = async (client: ClientHttp2Session) => {
    const stream = client.request({ ":method": "POST", ":path": "/node/v1/certificates" });
    stream.on("error", () => undefined);
    const [headers] = (await once(stream, "response")) as [{ readonly ":status"?: number }];
    const body: Buffer[] = [];
    for await (const chunk of stream) body.push(chunk as Buffer);
    return `${headers[":status"]} ${nodeRefusal.parse(JSON.parse(Buffer.concat(body).toString())).code}`;
  };

  test("opens no more than a few connections, whatever became of its node", async () => {
    const account = await plane.enrol("removed", "STAGING");
    expect((await plane.ask("DELETE", "/edge-nodes/removed")).status).toBe(204);
    await admitted(60, account);
    await expect.poll(stillOpen, patient).toBe(16);
  });

  test("gets its answer, and then its connection ends, though it asks for nothing more", async () => {
    const account = await plane.enrol("removed", "STAGING");
    await open(account);
    await plane.ask("DELETE", "/edge-nodes/removed");
    const [client] = opened;
    if (client === undefined) throw new Error("no connection");
    const closed = once(client, "close");
    expect(await askOn(client)).toBe("401 node-unknown");
    await closed;
  });

  test("counts as a stranger of its address from its first refusal", async () => {
    const account = await plane.enrol("removed", "STAGING");
    await plane.ask("DELETE", "/edge-nodes/removed");
    expect(await admitted(40, {})).toBe(40);
    await open(account);
    const client = opened.at(-1);
    const stream = client?.request({ ":method": "POST", ":path": "/node/v1/session" });
    stream?.on("error", () => undefined);
    // It takes the place of one of them, gets its answer, and goes too.
    await expect.poll(stillOpen, patient).toBe(39);
    expect(client?.closed).toBe(true);
  });

  test("that a node got anew by joining again is looked up as ever", async () => {
    const first = await plane.enrol("again", "STAGING");
    const second = await plane.enrol("again", "STAGING");
    await expect(plane.connect(first)).rejects.toThrow();
    await (await plane.connect(second)).close();
  });
});
