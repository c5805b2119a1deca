import { X509Certificate } from "node:crypto";
import {
  auditPage,
  decodeJoinToken,
  edgeNode,
  enrolmentResponse,
  type JoinTokenView,
  joinToken,
  nodeRefusal,
} from "@tcm/api-contract";
import { createCertificateRequest, generateKeyPair, privateKeyPem } from "@tcm/node-crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keySuccession } from "../keys/succeed-key.ts";
import { rotateSigningKey } from "../operations/signing-keys/rotate-signing-key.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { admin } from "../testing/deployment-harness.ts";
import { FakeNode, type NodeAccount, nodeRequest, proves } from "../testing/fake-node.ts";

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start({ nodes: { nodeHosts: ["control.example", "2001:db8::1"] } });
});
afterAll(() => plane.remove());
// The limit of attempts fills up again.
beforeEach(() => plane.clock.advance(60_000));

const enrolment = { ":path": "/node/v1/enrolment" };

async function makeToken(more: object = {}, of = plane): Promise<JoinTokenView> {
  const answer = await of.ask("POST", "/edge-nodes/join-tokens", {
    body: { network: "STAGING", engine: "built-in", ...more },
  });
  expect(answer.status).toBe(201);
  return joinToken.parse(answer.body);
}

const secretOf = ({ joinToken: text }: JoinTokenView) => decodeJoinToken(text)?.secret ?? "";
const requestFor = (pair = generateKeyPair("p256")) => Buffer.from(createCertificateRequest(pair)).toString("base64");

const join = (secret: string, certificateRequest = requestFor(), of = plane) =>
  nodeRequest(of.controlPlane.nodeUrl, {}, enrolment, JSON.stringify({ secret, certificateRequest }));

async function enrolled(token: JoinTokenView): Promise<NodeAccount> {
  const pair = generateKeyPair("p256");
  const { status, text } = await join(secretOf(token), requestFor(pair));
  expect(status).toBe(201);
  return { ...enrolmentResponse.parse(JSON.parse(text)), privateKey: privateKeyPem(pair.privateKey) };
}

const refusal = ({ status, text }: { readonly status: number | undefined; readonly text: string }) =>
  `${status} ${nodeRefusal.parse(JSON.parse(text)).code}`;

async function audited(action: string) {
  const { records } = await plane.get(auditPage, `/audit?action=${action}&limit=1000`);
  return records;
}

describe("a join token lets one node in, once", () => {
  test("it says where the control plane is, and the hash of the CA that is shown there", async () => {
    const token = decodeJoinToken((await makeToken()).joinToken);
    const { port } = new URL(plane.controlPlane.nodeUrl);
    expect(token?.urls).toEqual([`https://control.example:${port}`, `https://[2001:db8::1]:${port}`]);
    const rows = plane.controlPlane.context.store.db.selectFrom("node_authorities").selectAll();
    const { certificate } = await rows.where("name", "=", "NODE_PORT").executeTakeFirstOrThrow();
    const shown = new X509Certificate(Buffer.from(certificate, "base64"));
    expect(token?.ca).toBe(shown.fingerprint256.replaceAll(":", "").toLowerCase());
  });

  test("the node gets a certificate of its network by the name that the token says, and connects with it", async () => {
    const account = await enrolled(await makeToken({ nodeId: "edge-1", network: "PRODUCTION" }));
    expect(account).toMatchObject({ nodeId: "edge-1", network: "PRODUCTION" });
    expect(new X509Certificate(account.certificate).subjectAltName).toBe("URI:spiffe://tcm/production/edge-1");
    await (await plane.connect(account)).close();
    const view = await plane.get(edgeNode, "/edge-nodes/edge-1");
    const inAWeek = new Date(plane.clock.now() + 7 * 86_400_000).toISOString().slice(0, 19);
    expect(view.certificateExpiryDate?.slice(0, 19)).toBe(inAWeek);
    expect(view.isCertificateExpired).toBe(false);
  });

  test("without a name it gets one of its engine; the request's own words count for nothing", async () => {
    const { nodeId } = await enrolled(await makeToken({ engine: "haproxy" }));
    expect(nodeId).toMatch(/^haproxy-[0-9a-f]{8}$/);
    await plane.drain(nodeId);
  });

  test("of many who show it at the same time one gets in", async () => {
    const secret = secretOf(await makeToken());
    const answers = await Promise.all(Array.from({ length: 8 }, () => join(secret)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
  });

  test("used, expired and never made are one answer, word for word, and on the record", async () => {
    const used = await makeToken();
    await enrolled(used);
    const late = await makeToken({ expiresInSeconds: 60 });
    plane.clock.advance(60_000);
    const before = (await audited("ENROL_NODE")).length;
    const answers = [await join(secretOf(used)), await join(secretOf(late)), await join("x".repeat(43))];
    expect(new Set(answers.map(refusal))).toEqual(new Set(["401 join-token-refused"]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const records = await audited("ENROL_NODE");
    expect(records.length - before).toBe(3);
    expect(records[0]).toMatchObject({ outcome: "join-token-refused" });
  });

  test("only its hash is kept, and no secret is in the log", async () => {
    const token = await makeToken();
    expect(plane.everythingWritten).not.toContain(secretOf(token));
    expect(plane.everythingWritten).not.toContain(token.joinToken);
    await enrolled(token);
    expect(plane.log).not.toContain(secretOf(token));
  });

  test.each<[string, (good: string) => string]>([
    ["no request", () => "AAAA"],
    [
      "a request for another's key",
      () => requestFor({ ...generateKeyPair("p256"), privateKey: generateKeyPair("p256").privateKey }),
    ],
    ["an RSA key", () => requestFor(generateKeyPair("rsa2048"))],
    ["a request that is cut", (good) => good.slice(0, 60)],
  ])("%s is refused, and uses up no token", async (_what, of) => {
    const token = await makeToken();
    expect(refusal(await join(secretOf(token), of(requestFor())))).toBe("401 certificate-request-unusable");
    await enrolled(token);
  });

  test("a body that is none of this protocol, or too long, is refused", async () => {
    for (const body of ["", "{", "[]", '{"secret":1}', "x".repeat(20_000)])
      expect(refusal(await nodeRequest(plane.controlPlane.nodeUrl, {}, enrolment, body))).toBe(
        "401 certificate-request-unusable",
      );
  });

  test("an address that tries too often has to wait", async () => {
    const codes: string[] = [];
    for (let i = 0; i < 32; i++) codes.push(refusal(await join("x".repeat(43))));
    expect(new Set(codes.slice(0, 30))).toEqual(new Set(["401 join-token-refused"]));
    expect(codes.at(-1)).toBe("429 too-many-attempts");
    plane.clock.advance(60_000);
    await enrolled(await makeToken());
  });

  test("refusals of one address do not fill the record, and the last one says that more came", async () => {
    plane.clock.advance(3_600_000);
    const { length: before } = await audited("ENROL_NODE");
    for (let i = 0; i < 25; i++) expect(refusal(await join("x".repeat(43)))).toBe("401 join-token-refused");
    const records = await audited("ENROL_NODE");
    expect(records.length - before).toBe(20);
    expect(records[0]?.subject).toEqual({ address: "127.0.0.1", more: "not recorded for a while" });
    expect(records[1]?.subject).toEqual({ address: "127.0.0.1" });
    plane.clock.advance(3_600_000);
    await join("x".repeat(43));
    expect((await audited("ENROL_NODE")).length - before).toBe(21);
  });

  test("the key that it is told to believe is the one in use, though another process has just changed it", async () => {
    const { context, identity } = plane.controlPlane;
    const unheard = { ...context.fleet, announce: () => undefined };
    const succeedKey = keySuccession(identity.operatorKey);
    const fresh = await rotateSigningKey({ ...context, fleet: unheard, succeedKey }, admin, "STAGING");
    const { signingKeys } = enrolmentResponse.parse(JSON.parse((await join(secretOf(await makeToken()))).text));
    expect(signingKeys.map(({ keyId }) => keyId)).toEqual([fresh.keyId]);
  });
});

describe("a node keeps its network", () => {
  test("no token is made for a node of the other one", async () => {
    await enrolled(await makeToken({ nodeId: "settled", network: "STAGING" }));
    const body = { network: "PRODUCTION", engine: "haproxy", nodeId: "settled" };
    const answer = await plane.ask("POST", "/edge-nodes/join-tokens", { body });
    expect([answer.status, (answer.body as { readonly type: string }).type]).toEqual([
      409,
      expect.stringContaining("edge-node-of-other-network"),
    ]);
  });

  test("and a token from before lets it in no more, once the name is taken there", async () => {
    const early = await makeToken({ nodeId: "contested", network: "PRODUCTION" });
    await enrolled(await makeToken({ nodeId: "contested", network: "STAGING" }));
    expect(refusal(await join(secretOf(early)))).toBe("401 join-token-refused");
  });

  test("a certificate of staging fetches nothing of production, and a hello for production ends the session", async () => {
    const account = await enrolled(await makeToken({ nodeId: "nosy" }));
    await expect(plane.connect({ ...account, network: "PRODUCTION" })).rejects.toThrow(/closed first/);
  });
});

describe("a node keeps its engine", () => {
  test("an agent that serves with another one is told how to change that, and not served", async () => {
    const account = await enrolled(await makeToken({ nodeId: "proxy", engine: "haproxy" }));
    const node = FakeNode.open(plane.controlPlane.nodeUrl, account);
    node.hello({ engine: "nginx" });
    await node.closed();
    expect(node.goodbye?.reason).toContain("tcm edge token --network staging --engine nginx --node proxy");
    expect(node.announced).toEqual([]);
    const right = await FakeNode.connect(plane.controlPlane.nodeUrl, account, proves, { engine: "haproxy" });
    await right.close();
  });
});

describe("a node that joins anew", () => {
  test("has its earlier session ended at once, and its earlier certificate is void", async () => {
    const first = await enrolled(await makeToken({ nodeId: "again" }));
    const node = await plane.connect(first);
    const second = await enrolled(await makeToken({ nodeId: "again" }));
    await node.closed();
    expect(node.goodbye?.reason).toContain("joined anew");
    await expect(plane.connect(first)).rejects.toThrow();
    await (await plane.connect(second)).close();
  });
});

describe("renewal", () => {
  const renew = (account: Partial<NodeAccount>, certificateRequest = requestFor()) =>
    nodeRequest(
      plane.controlPlane.nodeUrl,
      account,
      { ":path": "/node/v1/renewal" },
      JSON.stringify({ certificateRequest }),
    );

  test("gives a node a certificate for a new key; the old one is good until its end", async () => {
    const first = await enrolled(await makeToken({ nodeId: "renews" }));
    plane.clock.advance(4 * 86_400_000);
    const pair = generateKeyPair("p256");
    const { status, text } = await renew(first, requestFor(pair));
    expect(status).toBe(200);
    const { certificate } = JSON.parse(text) as { readonly certificate: string };
    const second = { ...first, certificate, privateKey: privateKeyPem(pair.privateKey) };
    for (const account of [first, second]) await (await plane.connect(account)).close();
    plane.clock.advance(4 * 86_400_000);
    await expect(plane.connect(first)).rejects.toThrow();
    await (await plane.connect(second)).close();
    expect((await plane.get(edgeNode, "/edge-nodes/renews")).isCertificateExpired).toBe(false);
  });

  const renewalsOf = async (nodeId: string) =>
    (await audited("RENEW_NODE_CERTIFICATE")).filter(({ subject }) => subject["nodeId"] === nodeId);

  test("is on the record, with the address that asked", async () => {
    const account = await enrolled(await makeToken({ nodeId: "stolen" }));
    expect((await renew(account)).status).toBe(200);
    expect(await renewalsOf("stolen")).toMatchObject([
      { by: "node stolen", outcome: "done", subject: { network: "STAGING", address: "127.0.0.1" } },
    ]);
  });

  test("needs another key than the one that is certified; one whose answer got lost may try again with a third", async () => {
    const pair = generateKeyPair("p256");
    const { text } = await join(secretOf(await makeToken({ nodeId: "same-key" })), requestFor(pair));
    const account = { ...enrolmentResponse.parse(JSON.parse(text)), privateKey: privateKeyPem(pair.privateKey) };
    expect(refusal(await renew(account, requestFor(pair)))).toBe("401 certificate-request-unusable");
    expect(await renewalsOf("same-key")).toEqual([]);
    const answers = [await renew(account), await renew(account)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  /** The next certificate of the node, as its agent would keep it. */
  async function next(account: NodeAccount): Promise<NodeAccount> {
    const pair = generateKeyPair("p256");
    const { status, text } = await renew(account, requestFor(pair));
    expect(status).toBe(200);
    const { certificate } = JSON.parse(text) as { readonly certificate: string };
    return { ...account, certificate, privateKey: privateKeyPem(pair.privateKey) };
  }
  const refusedOf = async (nodeId: string) =>
    (await audited("REFUSE_NODE_RENEWAL")).filter(({ subject }) => subject["nodeId"] === nodeId);

  test("goes on from the newest alone, once that was shown: a stolen one from before gets no other, and says so", async () => {
    const first = await enrolled(await makeToken({ nodeId: "chain" }));
    const second = await next(first);
    await (await plane.connect(second)).close();
    expect(refusal(await renew(first))).toBe("401 certificate-superseded");
    expect(await refusedOf("chain")).toMatchObject([
      { by: "node chain", outcome: "certificate-superseded", subject: { network: "STAGING", address: "127.0.0.1" } },
    ]);
    expect(plane.log).toContain("the node's identity is in two hands");
    const third = await next(second);
    // To renew is to show it, as to connect is.
    const fourth = await next(third);
    for (const account of [first, second]) expect(refusal(await renew(account))).toBe("401 certificate-superseded");
    // It may connect until its end: what tells the node of its state is not taken from it.
    await (await plane.connect(third)).close();
    await next(fourth);
  });

  test("by a thief who was first: whoever of the two shows the newest, the other one is refused and told of", async () => {
    const first = await enrolled(await makeToken({ nodeId: "robbed" }));
    const thief = await next(first);
    const node = await next(first);
    await (await plane.connect(node)).close();
    expect(refusal(await renew(thief))).toBe("401 certificate-superseded");
    expect(await refusedOf("robbed")).toHaveLength(1);
    await next(node);
  });

  test("is refused to one from before the newest though it ends later: it was made by a clock that was ahead", async () => {
    const first = await enrolled(await makeToken({ nodeId: "ahead" }));
    plane.clock.advance(1_800_000);
    const second = await next(first);
    plane.clock.advance(-1_800_000);
    const third = await next(second);
    await (await plane.connect(third)).close();
    expect(refusal(await renew(second))).toBe("401 certificate-superseded");
    const fourth = await next(third);
    expect(refusal(await renew(second))).toBe("401 certificate-superseded");
    await next(fourth);
  });

  test("goes on after a restore from before the newest was made", async () => {
    const account = await enrolled(await makeToken({ nodeId: "restored" }));
    const { db } = plane.controlPlane.context.store;
    const before = await db.selectFrom("edge_nodes").selectAll().where("id", "=", "restored").executeTakeFirstOrThrow();
    plane.clock.advance(60_000);
    const second = await next(account);
    plane.clock.advance(60_000);
    const third = await next(second);
    const state = { ...before, newest_certificate: "0".repeat(64), newest_shown_at: before.created_at };
    await db.updateTable("edge_nodes").set(state).where("id", "=", "restored").execute();
    await next(third);
  });

  test("goes on from what a control plane of a version before gave, which notes its end alone", async () => {
    const first = await enrolled(await makeToken({ nodeId: "rolling" }));
    const second = await next(first);
    await (await plane.connect(second)).close();
    const { db } = plane.controlPlane.context.store;
    const row = () => db.selectFrom("edge_nodes").selectAll().where("id", "=", "rolling").executeTakeFirstOrThrow();
    const before = await row();
    plane.clock.advance(60_000);
    const third = await next(second);
    const { certificate_not_after } = await row();
    await db
      .updateTable("edge_nodes")
      .set({ ...before, certificate_not_after })
      .where("id", "=", "rolling")
      .execute();
    await next(third);
    expect(refusal(await renew(first))).toBe("401 certificate-superseded");
    expect(refusal(await renew(second))).toBe("401 certificate-superseded");
  });

  test("is for six times an hour, each node by itself", async () => {
    const account = await enrolled(await makeToken({ nodeId: "eager" }));
    for (let i = 0; i < 6; i++) expect((await renew(account)).status).toBe(200);
    expect(refusal(await renew(account))).toBe("429 too-many-attempts");
    expect(await renewalsOf("eager")).toHaveLength(6);
    expect((await renew(await enrolled(await makeToken({ nodeId: "patient" })))).status).toBe(200);
    plane.clock.advance(600_000);
    expect((await renew(account)).status).toBe(200);
  });

  test("is for thirty times an hour by one certificate after the other", async () => {
    let account = await enrolled(await makeToken({ nodeId: "endless" }));
    for (let i = 0; i < 30; i++) account = await next(account);
    expect(refusal(await renew(account))).toBe("429 too-many-attempts");
    expect(await renewalsOf("endless")).toHaveLength(30);
  });

  test("is refused without a certificate, for a bad request, and after the removal", async () => {
    const account = await enrolled(await makeToken({ nodeId: "removed" }));
    expect(refusal(await renew({}))).toBe("401 no-certificate");
    expect(refusal(await renew(account, "AAAA"))).toBe("401 certificate-request-unusable");
    await plane.ask("DELETE", "/edge-nodes/removed");
    expect(refusal(await renew(account))).toBe("401 node-unknown");
  });
});
