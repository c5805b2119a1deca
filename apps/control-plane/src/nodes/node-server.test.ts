import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { connect as connectTls } from "node:tls";
import {
  activationNodes,
  certificatesResponse,
  edgeNode,
  maxNodeLineBytes,
  type NodeMessage,
  nodeIdentity,
  nodeRefusal,
  nodeUri,
} from "@tcm/api-contract";
import { entryDigest, type Network, networks, signedBytes } from "@tcm/core";
import { nodeCrypto, verifyEd25519 } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { writeEntry } from "../manifest/write-entry.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { FakeNode, type NodeAccount, nodeRequest, proves, staysSilent } from "../testing/fake-node.ts";

let harness: ControlPlaneHarness;
let url: string;
beforeAll(async () => {
  harness = await ControlPlaneHarness.start();
  url = harness.controlPlane.nodeUrl;
});
afterAll(() => harness.remove());

const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];
const certificates = { ":path": "/node/v1/certificates" };
const hex = (n: number) => createHash("sha256").update(String(n)).digest("hex");

describe("who may connect", () => {
  const paths = ["/node/v1/session", "/node/v1/certificates", "/node/v1/renewal", "/", "/nothing"];
  const codeOf = (text: string) => nodeRefusal.parse(JSON.parse(text)).code;
  const refusalOf = async (account: Partial<NodeAccount>, of: ControlPlaneHarness = harness) => {
    const answers = paths.map((path) => nodeRequest(of.controlPlane.nodeUrl, account, { ":path": path }));
    const refusals = (await Promise.all(answers)).map(({ status, text }) => `${status} ${codeOf(text)}`);
    return [...new Set(refusals)];
  };

  test("nobody without a certificate, on any path", async () => {
    expect(await refusalOf({})).toEqual(["401 no-certificate"]);
  });

  test("nobody without TLS, and nobody below TLS 1.3", async () => {
    const plain = connect(url.replace("https:", "http:"));
    plain.on("error", () => undefined);
    const answered = vi.fn();
    plain
      .request({ ":path": "/node/v1/session" })
      .on("error", () => undefined)
      .on("response", answered);
    await once(plain, "close");
    expect(answered).not.toHaveBeenCalled();
    const { hostname, port } = new URL(url);
    const options = { host: hostname, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ["h2"] };
    const old = connectTls({ ...options, maxVersion: "TLSv1.2" });
    const [alert] = (await once(old, "error")) as [NodeJS.ErrnoException];
    expect(alert.code).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  });

  test("neither a certificate that another CA signed for the same name, nor one of another form", async () => {
    const { nodeId } = harness.localNode("STAGING");
    const foreign = pki.root("Staging node CA");
    const uri = nodeUri({ nodeId, network: "STAGING" });
    const forged = foreign.leaf("forged", { subject: { CN: nodeId }, subjectAltName: [{ uri }] });
    expect(await refusalOf({ certificate: forged.pem, privateKey: forged.privateKeyPem })).toEqual([
      "401 certificate-unusable",
    ]);
  });

  test("no node by the certificate of an earlier enrolment, nor by one that is removed", async () => {
    const first = await harness.enrol("enrolled-twice", "STAGING");
    const second = await harness.enrol("enrolled-twice", "STAGING");
    expect(await refusalOf(first)).toEqual(["401 node-unknown"]);
    expect((await nodeRequest(url, second, certificates, "{}")).status).toBe(400);
    expect((await harness.ask("DELETE", "/edge-nodes/enrolled-twice")).status).toBe(204);
    expect(await refusalOf(second)).toEqual(["401 node-unknown"]);
  });

  test("a certificate is good from its first second to its last, with an hour for clocks that are behind", async () => {
    const account = await harness.enrol("in-time", "STAGING", 3_600_000);
    expect((await nodeRequest(url, account, certificates, "{}")).status).toBe(400);
    harness.clock.advance(3_600_000);
    expect((await nodeRequest(url, account, certificates, "{}")).status).toBe(400);
    harness.clock.advance(1_000);
    expect(await refusalOf(account)).toEqual(["401 certificate-expired"]);
    harness.clock.advance(-3_601_000 - 7_200_000);
    expect((await nodeRequest(url, account, certificates, "{}")).status).toBe(400);
    harness.clock.advance(-1_000);
    expect(await refusalOf(account)).toEqual(["401 certificate-not-yet-valid"]);
    harness.clock.advance(7_201_000);
    await harness.drain("in-time");
  });

  test("one CA a network: what staging's signs says nothing of production", async () => {
    const { nodeId, certificate } = harness.localNode("STAGING");
    const production = harness.localNode("PRODUCTION");
    const issuerOf = (pem: string) => new X509Certificate(pem).issuer;
    expect(issuerOf(certificate)).not.toBe(issuerOf(production.certificate));
    expect(new X509Certificate(certificate).subjectAltName).toBe(`URI:spiffe://tcm/staging/${nodeId}`);
    expect(new X509Certificate(production.certificate).subjectAltName).toContain("spiffe://tcm/production/");
  });

  test("with a certificate, other paths are not found and other methods are not allowed", async () => {
    const account = harness.localNode("STAGING");
    expect((await nodeRequest(url, account, { ":path": "/node/v1/other" })).status).toBe(404);
    expect((await nodeRequest(url, account, { ...certificates, ":method": "PUT" })).status).toBe(405);
  });

  test("keys are in the nodes' own files of mode 0600 alone", async () => {
    const { privateKey } = await harness.enrol("elsewhere", "STAGING");
    const [, line = ""] = privateKey.split("\n");
    expect(line.length).toBeGreaterThan(60);
    expect(harness.everythingWritten).not.toContain(line);
    await harness.drain("elsewhere");
  });
});

describe("a session begins with a hello", () => {
  const account = () => harness.localNode("STAGING");

  test("and is answered by a welcome, then by everything", async () => {
    const node = await harness.connect(account());
    expect(node.status).toBe(200);
    expect(node.messages[0]).toEqual({ type: "welcome", network: "STAGING", heartbeatIntervalMs: 3_600_000 });
    const announcements = node.messages.filter((message) => message.type === "announce");
    expect(announcements.filter(({ complete }) => complete)).toHaveLength(1);
    expect(announcements.at(-1)?.complete).toBe(true);
    await node.close();
  });

  const report = {
    entryId: "ca-set/1",
    generation: { epoch: 1, number: 1 },
    digest: hex(1),
    state: "applied",
  } as const;
  const hello = {
    type: "hello",
    protocolVersion: 1,
    engine: "built-in",
    engineVersion: "",
    highestLevel: "applied",
    address: "",
  };

  test.each<[string, string]>([
    ["garbage", "garbage\n"],
    ["an empty line", "\n"],
    ["JSON of no message", '{"type":"hi"}\n'],
    ["a message with an unknown field", '{"type":"pong","extra":1}\n'],
    ["bytes that are no UTF-8", "\u0000\u00ff\n"],
    ["a report first", `${JSON.stringify({ type: "report", report } satisfies NodeMessage)}\n`],
    [
      "the hello of another node",
      `${JSON.stringify({ ...hello, nodeId: "production-edge", network: "STAGING", entries: [] })}\n`,
    ],
    [
      "the hello of another network",
      `${JSON.stringify({ ...hello, nodeId: "staging-edge", network: "PRODUCTION", entries: [] })}\n`,
    ],
    [
      "another protocol",
      `${JSON.stringify({ ...hello, protocolVersion: 2, nodeId: "staging-edge", network: "STAGING", entries: [] })}\n`,
    ],
    [
      "too many entries",
      `${JSON.stringify({ ...hello, nodeId: "staging-edge", network: "STAGING", entries: Array.from({ length: 2_001 }, () => report) })}\n`,
    ],
  ])("%s ends it with a reason, and tells nothing", async (_what, text) => {
    const node = FakeNode.open(url, account());
    node.write(text);
    await node.closed();
    expect(node.goodbye).toMatchObject({
      reason: expect.any(String) as string,
      retryAfterMs: expect.any(Number) as number,
    });
    expect(node.messages).toHaveLength(1);
  });

  test("a second hello ends it", async () => {
    const node = await harness.connect(account());
    node.hello();
    await node.closed();
    expect(node.goodbye?.reason).toContain("second hello");
  });

  test("a line beyond the limit ends it before it is whole, however it is cut", async () => {
    const node = FakeNode.open(url, account());
    const piece = "x".repeat(64 * 1024);
    for (let sent = 0; sent <= maxNodeLineBytes; sent += piece.length) node.write(piece);
    await node.closed();
    expect(node.goodbye?.reason).toContain(String(maxNodeLineBytes));
  });

  test("a line cut anywhere, also inside a character, is one line", async () => {
    const node = FakeNode.open(url, account());
    const line = JSON.stringify({
      ...hello,
      engineVersion: "größe",
      nodeId: "staging-edge",
      network: "STAGING",
      entries: [],
    });
    for (const byte of Buffer.from(`${line}\n`)) node.stream.write(Buffer.of(byte));
    await node.until(() => node.messages.some(({ type }) => type === "announce"));
    const view = await harness.get(edgeNode, "/edge-nodes/staging-edge");
    expect(view).toMatchObject({ engineVersion: "größe", isConnected: true, highestLevel: "applied" });
    await node.close();
  });
});

describe("what nodes are told", () => {
  test("is signed for the node by the pinned key of its network, over node, network, entry, generation and content", async () => {
    const id = await harness.createVersion([a]);
    const [staging, production] = await harness.connectLocalNodes();
    await harness.activateOnBoth(id);
    for (const node of [staging, production]) {
      const signed = node?.newest(`ca-set/${id}`);
      if (node === undefined || signed === undefined) throw new Error("nothing was announced");
      const { entry, nodeId, keyId, signature } = signed;
      const pinned = readIdentity(node.account.network).signingKeys.find((key) => key.keyId === keyId);
      const spki = Buffer.from(pinned?.spki ?? "", "base64");
      const verify = (changes: Partial<typeof entry> = {}, forNode = nodeId) =>
        verifyEd25519(spki, signedBytes({ ...entry, ...changes }, forNode), Buffer.from(signature, "base64"));
      expect(createHash("sha256").update(spki).digest("hex").slice(0, 16)).toBe(keyId);
      expect(verify()).toBe(true);
      expect(verify({}, "other-node")).toBe(false);
      expect(verify({ network: entry.network === "STAGING" ? "PRODUCTION" : "STAGING" })).toBe(false);
      expect(verify({ generation: { ...entry.generation, number: entry.generation.number + 1 } })).toBe(false);
      expect(verify({ generation: { ...entry.generation, epoch: 2 } })).toBe(false);
      expect(verify({ entryId: "ca-set/999" })).toBe(false);
      expect(verify({ digest: hex(0) })).toBe(false);
      expect(entryDigest(entry.content, nodeCrypto)).toBe(entry.digest);
      expect(entry.content).toMatchObject({ kind: "ca-set", caSetId: id, version: 1, fingerprints: [a.fingerprint] });
    }
    await Promise.all([staging?.close(), production?.close()]);
  });

  test("each network has a signing key of its own", () => {
    const [staging, production] = networks.map(readIdentity);
    expect(staging?.signingKeys).not.toEqual(production?.signingKeys);
  });

  const readIdentity = (network: Network) => {
    return nodeIdentity.parse(JSON.parse(readFileSync(harness.controlPlane.identities[network] ?? "", "utf8")));
  };

  test("is what changed, as it changes, and never of another network", async () => {
    const [staging, production] = await harness.connectLocalNodes();
    if (staging === undefined || production === undefined) throw new Error("two nodes");
    const id = await harness.createVersion([a]);
    const before = staging.announced.length;
    await harness.ended(await harness.activate(id, 1, "STAGING"));
    expect(staging.announced.slice(before).map(({ entry }) => entry.entryId)).toEqual([`ca-set/${id}`]);
    expect(production.newest(`ca-set/${id}`)).toBeUndefined();
    await Promise.all([staging.close(), production.close()]);
  });

  test("a withdrawn entry is told as such, also to a node that connects later", async () => {
    const id = await harness.createVersion([a]);
    const node = await harness.connect(harness.localNode("STAGING"));
    await harness.ended(await harness.activate(id, 1, "STAGING"));
    await harness.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network: "STAGING" } });
    await node.until(() => node.newest(`ca-set/${id}`)?.entry.content === null);
    await node.close();
    const later = await harness.connect(harness.localNode("STAGING"));
    expect(later.newest(`ca-set/${id}`)?.entry.content).toBeNull();
    await later.close();
  });
});

describe("certificates are fetched by their hash", () => {
  const ask = (account: NodeAccount, body: unknown) =>
    nodeRequest(url, account, certificates, typeof body === "string" ? body : JSON.stringify(body));

  test("those that the manifest of the node's network names, and no others", async () => {
    const [onStaging, stored] = [pki.root("On staging"), pki.root("Only stored")];
    const node = await harness.connect(harness.localNode("STAGING"));
    const id = await harness.createVersion([onStaging]);
    await harness.createVersion([stored]);
    await harness.ended(await harness.activate(id, 1, "STAGING"));
    const fingerprints = [onStaging.fingerprint, stored.fingerprint, hex(0)];
    const answer = await ask(harness.localNode("STAGING"), { fingerprints });
    expect(answer.status).toBe(200);
    const served = certificatesResponse.parse(JSON.parse(answer.text)).certificates;
    expect(served).toEqual({ [onStaging.fingerprint]: Buffer.from(onStaging.der).toString("base64") });
    const elsewhere = await ask(harness.localNode("PRODUCTION"), { fingerprints });
    expect(JSON.parse(elsewhere.text)).toEqual({ certificates: {} });
    await harness.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network: "STAGING" } });
    await node.until(() => node.newest(`ca-set/${id}`)?.entry.content === null);
    const after = await ask(harness.localNode("STAGING"), { fingerprints: [onStaging.fingerprint] });
    expect(JSON.parse(after.text)).toEqual({ certificates: {} });
    await node.close();
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no fingerprint", { fingerprints: [] }],
    ["more than 300", { fingerprints: Array.from({ length: 301 }, (_, i) => hex(i)) }],
    ["what is no fingerprint", { fingerprints: ["' OR 1=1"] }],
    ["upper case", { fingerprints: ["A".repeat(64)] }],
    ["unknown fields", { fingerprints: [hex(1)], more: 1 }],
    ["a body beyond the limit", " ".repeat(70_000)],
  ])("%s is refused", async (_what, body) => {
    expect((await ask(harness.localNode("STAGING"), body)).status).toBe(400);
  });

  test("300 at once are served", async () => {
    const node = await harness.connect(harness.localNode("STAGING"));
    const roots = Array.from({ length: 300 }, (_, i) => pki.root(`Many ${i}`));
    const id = await harness.createVersion(roots);
    await harness.ended(await harness.activate(id, 1, "STAGING"));
    const fingerprints = roots.map(({ fingerprint }) => fingerprint);
    const answer = await ask(harness.localNode("STAGING"), { fingerprints });
    expect(Object.keys(certificatesResponse.parse(JSON.parse(answer.text)).certificates).toSorted()).toEqual(
      fingerprints.toSorted(),
    );
    await node.close();
  });
});

describe("sessions", () => {
  test("a second one of the same node takes the place of the first", async () => {
    const account = await harness.enrol("twice", "STAGING");
    const first = await harness.connect(account);
    const second = await harness.connect(account);
    await first.closed();
    expect(first.goodbye?.reason).toContain("another session");
    const { isConnected } = await harness.get(edgeNode, "/edge-nodes/twice");
    expect(isConnected).toBe(true);
    const id = await harness.createVersion([a]);
    await harness.activate(id, 1, "STAGING");
    await second.until(() => second.newest(`ca-set/${id}`) !== undefined);
    await second.close();
    await harness.drain("twice");
  });

  test("what a node proved while it was away counts when it connects again", async () => {
    const account = await harness.enrol("comes-back", "PRODUCTION");
    const others = await harness.connect(harness.localNode("PRODUCTION"));
    const id = await harness.createVersion([b]);
    const silent = await harness.connect(account, staysSilent);
    const begun = await harness.activate(id, 1, "PRODUCTION");
    await silent.until(() => silent.newest(`ca-set/${id}`) !== undefined);
    const entry = silent.newest(`ca-set/${id}`)?.entry;
    if (entry === undefined) throw new Error("nothing was announced");
    await silent.close();
    const link = begun.activationLink.replace("/mtls-edge-truststore/v2", "");
    await expect
      .poll(async () => (await harness.get(activationNodes, `${link}/nodes`)).percentComplete, { timeout: 120_000 })
      .toBe(50);
    const { entryId, generation, digest } = entry;
    const back = FakeNode.open(url, account, staysSilent);
    back.hello({ entries: [{ entryId, generation, digest, state: "verified" }] });
    expect(await harness.ended(begun)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    await Promise.all([back.close(), others.close(), harness.drain("comes-back")]);
  });

  test("a node that is gone is not shown as connected, and what it should serve is drift", async () => {
    const account = await harness.enrol("goes-away", "STAGING");
    const node = await harness.connect(account);
    const connected = async () => (await harness.get(edgeNode, "/edge-nodes/goes-away")).isConnected;
    expect(await connected()).toBe(true);
    await node.close();
    await expect.poll(connected, { timeout: 120_000 }).toBe(false);
    await harness.drain("goes-away");
  });

  test("many reports at once are all taken, in order", async () => {
    const account = await harness.enrol("talkative", "STAGING");
    const node = await harness.connect(account, staysSilent);
    const ids = [await harness.createVersion([a]), await harness.createVersion([b])];
    for (const id of ids) await harness.activate(id, 1, "STAGING");
    await node.until(() => ids.every((id) => node.newest(`ca-set/${id}`) !== undefined));
    const states = ["delivered", "applied", "verified"] as const;
    for (let round = 0; round < 300; round++) {
      for (const id of ids) {
        const entry = node.newest(`ca-set/${id}`)?.entry;
        if (entry !== undefined) node.reports(entry, states[round % 3] ?? "verified");
      }
    }
    const entries = async () => {
      const view = await harness.get(edgeNode, "/edge-nodes/talkative");
      return ids.map((id) => view.entries.find(({ entryId }) => entryId === `ca-set/${id}`)?.state);
    };
    await expect.poll(entries, { timeout: 120_000 }).toEqual(["verified", "verified"]);
    await Promise.all([node.close(), harness.drain("talkative")]);
  });

  test("a connection without manners does not disturb the others", async () => {
    const node = await harness.connect(harness.localNode("PRODUCTION"));
    const client = connect(url);
    client.on("error", () => undefined);
    client
      .request({ ":method": "POST", ":path": "/node/v1/session" })
      .on("error", () => undefined)
      .destroy();
    client.destroy();
    const id = await harness.createVersion([a]);
    await harness.activate(id, 1, "PRODUCTION");
    await node.until(() => node.newest(`ca-set/${id}`) !== undefined);
    await node.close();
  });
});

describe("a big manifest", () => {
  test("comes in lines of bounded size, and a node that does not read them in time still gets it all", async () => {
    const big = await ControlPlaneHarness.start();
    try {
      const { db } = big.controlPlane.context.store;
      const fingerprints = Array.from({ length: 300 }, (_, i) => hex(i)).toSorted();
      await db.transaction().execute(async (queries) => {
        for (let set = 1; set <= 200; set++) {
          const content = {
            kind: "ca-set",
            caSetId: String(set),
            caSetName: `set-${set}`,
            version: 1,
            fingerprints,
          } as const;
          await writeEntry(queries, "STAGING", `ca-set/${set}`, content, "2026-06-01T00:00:00.000000Z");
        }
      });
      big.controlPlane.context.fleet.announce("STAGING");
      const node = FakeNode.open(big.controlPlane.nodeUrl, big.localNode("STAGING"), proves);
      node.stream.pause();
      node.hello();
      const slow = await FakeNode.connect(big.controlPlane.nodeUrl, await big.enrol("reads", "STAGING"), staysSilent);
      await slow.until(() => slow.announced.length === 200);
      node.stream.resume();
      await node.until(() => node.announced.length === 200);
      expect(Math.max(...node.lineBytes)).toBeLessThanOrEqual(160 * 1024);
      expect(node.lineBytes.length).toBeGreaterThan(20);
      const generations = node.announced.map(({ entry }) => entry.generation.number);
      expect(generations).toEqual(generations.toSorted((x, y) => x - y));
      await node.close();
      await slow.close();
    } finally {
      await big.remove();
    }
  });
});

describe("signs of life", () => {
  test("a node that does not answer is taken for gone; one that answers stays", async () => {
    const quick = await ControlPlaneHarness.start({ heartbeatIntervalMs: 250 });
    try {
      const alive = await quick.connect(quick.localNode("STAGING"));
      const deaf = await FakeNode.connect(quick.controlPlane.nodeUrl, quick.localNode("PRODUCTION"), staysSilent);
      deaf.answersPings = false;
      await deaf.closed();
      expect(deaf.goodbye?.reason).toContain("No sign of life");
      const pings = () => alive.messages.filter(({ type }) => type === "ping").length;
      const before = pings();
      await alive.until(() => pings() >= before + 5);
      expect(alive.goodbye).toBeUndefined();
      const { lastSeenDate } = await quick.get(edgeNode, "/edge-nodes/staging-edge");
      expect(lastSeenDate).toBe("2026-06-01T00:00:00.000000Z");
    } finally {
      await quick.remove();
    }
  });
});

describe("stopping", () => {
  test("says goodbye to the nodes, so that they come back soon", async () => {
    const stopping = await ControlPlaneHarness.start();
    const node = await FakeNode.connect(stopping.controlPlane.nodeUrl, stopping.localNode("STAGING"));
    await stopping.remove();
    await node.closed();
    expect(node.goodbye).toMatchObject({ retryAfterMs: 500 });
  });
});
