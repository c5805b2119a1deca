import { once } from "node:events";
import { createServer } from "node:net";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeCrypto } from "@tcm/node-crypto";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { haproxy26, haproxy3, openTestHaproxy } from "../haproxy/haproxy-under-test.ts";
import { nginxProgram, openTestNginx } from "../nginx/nginx-under-test.ts";
import { binding, type Client, caSet, changeSequence, pki } from "../node-tls/edge-under-test.ts";
import { type EngineUnderTest, shop, trial, visit } from "../trust-files/engines-under-test.ts";
import { waitUntil } from "../trust-files/wait-until.ts";
import type { EngineContent } from "../edge-engine.ts";
import type { SeenHandshake } from "./handshake-table.ts";
import { ProxyHandshakes } from "./proxy-handshakes.ts";
import { type LoggedHandshake, readHaproxyLine, readNginxLine } from "./read-log-line.ts";

const kept = pki.root("Kept Root");
const partner = pki.root("Partner Root");
const issuing = partner.intermediate("Partner Issuing");
const stranger = pki.root("Stranger Root").leaf("stranger");
const keptClient = kept.leaf("kept");
const partnerClient = partner.leaf("partner");
const deepClient = issuing.leaf("deep");
const lateClient = issuing.leaf("late");

type Proxy = EngineUnderTest & { readonly lines: () => Promise<readonly string[]> };

type Engine = {
  readonly name: string;
  readonly program: string | undefined;
  readonly open: (program: string) => Promise<Proxy>;
  readonly read: (line: string) => LoggedHandshake | undefined;
  readonly tellsChains: boolean;
};

async function openHaproxy(program: string): Promise<Proxy> {
  const handshakeSocket = join(temporaryDirectory(), "handshakes.sock");
  let text = "";
  const server = createServer((socket) => {
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    socket.on("error", () => socket.destroy());
  }).listen(handshakeSocket);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { ...(await openTestHaproxy(program, { handshakeSocket })), lines: async () => text.split("\n") };
}

async function openNginx(program: string): Promise<Proxy> {
  const handshakeLog = join(temporaryDirectory(), "handshakes.log");
  const lines = async () => (await readFile(handshakeLog, "latin1").catch(() => "")).split("\n");
  return { ...(await openTestNginx(program, { handshakeLog })), lines };
}

const engines: readonly Engine[] = [
  { name: "HAProxy 2.6", program: haproxy26, open: openHaproxy, read: readHaproxyLine, tellsChains: true },
  { name: "HAProxy 3", program: haproxy3, open: openHaproxy, read: readHaproxyLine, tellsChains: true },
  { name: "nginx", program: nginxProgram, open: openNginx, read: readNginxLine, tellsChains: false },
];

/** The proxy with what an agent makes of its log. */
async function follow(proxy: Proxy, { read }: Engine) {
  const handshakes = new ProxyHandshakes({ crypto: nodeCrypto, clock: Date.now, state: () => proxy.engine.state() });
  const changes = changeSequence();
  const seen: SeenHandshake[] = [];
  let done = 0;
  const look = async () => {
    const whole = (await proxy.lines()).slice(0, -1);
    for (const line of whole.slice(done)) {
      const logged = read(line);
      const told = logged && handshakes.seen(logged);
      if (told !== undefined) seen.push(told);
    }
    done = whole.length;
  };
  return {
    seen,
    look,
    deploy: async (content: EngineContent) => {
      const change = changes.to(content);
      expect(await proxy.engine.apply(change)).toMatchObject({ ok: true });
      handshakes.noteChange(change);
      expect(await proxy.engine.verify(change)).toMatchObject({ ok: true });
    },
    /** What was told of this visit. The line of a proof that broke its handshake off may come in between, and is none of it. */
    visit: async (hostname: string, client: Client, expected: number | "refused") => {
      await look();
      const before = seen.length;
      const told = () => seen.slice(before).filter(({ kind }) => kind.outcome !== "failed");
      const answer = await visit({ port: proxy.portOf(hostname), hostname, client });
      if (expected === "refused") expect(answer).not.toBe(200);
      else expect(answer).toBe(expected);
      await waitUntil(async () => {
        await look();
        return told().length > 0 ? true : undefined;
      }, 60_000);
      return told().map(({ kind }) => kind);
    },
  };
}

describe.each(engines)("$name tells by its log", (engine) => {
  const { program } = engine;
  if (program === undefined) console.warn(`${engine.name} is not here: its log is not tried`);
  const ifThere = test.skipIf(program === undefined);

  ifThere("who was let in through which anchor, who was not, and whom a removal cut off", async () => {
    const followed = await follow(await engine.open(program ?? ""), engine);
    const { visit: see } = followed;
    await followed.deploy(caSet([kept, partner], 1));
    await followed.deploy(binding([shop]));
    const first = { caSetId: "1", version: 1, generation: { epoch: 1, number: 1 } };

    expect(await see(shop, keptClient, 200)).toEqual([
      { ...first, anchor: kept.fingerprint, outcome: "accepted", reason: "" },
    ]);
    expect(await see(trial, partnerClient, 200)).toMatchObject([{ anchor: partner.fingerprint, outcome: "accepted" }]);
    expect(await see(shop, deepClient, 200)).toMatchObject([
      { outcome: "accepted", anchor: engine.tellsChains ? partner.fingerprint : "" },
    ]);
    expect(await see(shop, stranger, "refused")).toEqual([
      { ...first, anchor: "", outcome: "refused", reason: "issuer-not-found" },
    ]);
    expect(await see(shop, undefined, "refused")).toMatchObject([
      { outcome: "refused", reason: "client-certificate-missing" },
    ]);

    await followed.deploy(caSet([kept], 2));
    const removal = { caSetId: "1", version: 2, generation: { epoch: 1, number: 3 } };
    expect(await see(shop, partnerClient, "refused")).toEqual([
      { ...removal, anchor: partner.fingerprint, outcome: "removed-anchor", reason: "issuer-not-found" },
    ]);
    // HAProxy ends the handshake before the client shows that it holds the key.
    const isProved = !engine.tellsChains;
    expect(followed.seen.findLast(({ kind }) => kind.outcome === "removed-anchor")).toMatchObject({
      isProved,
      client: { fingerprint: partnerClient.fingerprint },
    });
    // Its issuer was seen before the removal, with another client of it, where the log tells chains.
    expect(await see(shop, lateClient, "refused")).toMatchObject([
      engine.tellsChains
        ? { ...removal, anchor: partner.fingerprint, outcome: "removed-anchor" }
        : { ...removal, anchor: "", outcome: "refused" },
    ]);
    expect(await see(shop, stranger, "refused")).toMatchObject([{ ...removal, anchor: "", outcome: "refused" }]);
    expect(await see(shop, keptClient, 200)).toMatchObject([{ ...removal, anchor: kept.fingerprint }]);
    // Of our own forged leaves, three deployments' worth, nothing.
    await followed.look();
    expect(followed.seen.filter(({ kind }) => kind.reason === "signature-invalid")).toEqual([]);
  });
});
