import { type ManifestEntry, type NodeRejectionCode } from "@tcm/core";
import { generateKeyPair, nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { FakeControlPlane } from "../testing/fake-control-plane.ts";
import { caSet, edgeCertificate, startTestAgent, type TestAgent } from "../testing/test-agent.ts";

const pki = testPki();
const rootA = pki.root("Root A");
const rootB = pki.root("Root B");
const served = [rootA.fingerprint];

/** An agent that serves generation 5 of set 1, and a content that would replace it. */
async function servingAgent(options: Parameters<typeof startTestAgent>[0] = {}) {
  const started = await startTestAgent(options);
  const { plane } = started;
  await plane.reported(plane.put(caSet(plane, "1", [rootA]), { epoch: 1, number: 5 }), "verified");
  return { ...started, next: plane.entry("ca-set/1", caSet(plane, "1", [rootA, rootB], 2)) };
}

/** The rejection is reported, and what was served before still is. */
async function expectRejected(
  plane: FakeControlPlane,
  agent: TestAgent,
  entry: ManifestEntry,
  code: NodeRejectionCode,
) {
  const { rejection } = await plane.reported(entry, "rejected");
  expect(rejection?.code).toBe(code);
  const content = agent.engine.contents.get("ca-set/1");
  expect(content?.kind === "ca-set" && content.caSet.fingerprints).toEqual(served);
}

describe("an entry that was not signed for this node now is turned down, and the last good one stays", () => {
  const signedFor = (plane: FakeControlPlane, next: ManifestEntry) => plane.sign(next);
  const cases: readonly [
    NodeRejectionCode,
    (plane: FakeControlPlane, next: ManifestEntry) => readonly [unknown, ManifestEntry],
  ][] = [
    [
      "signature-invalid",
      (plane, next) => [{ ...signedFor(plane, next), signature: Buffer.alloc(64).toString("base64") }, next],
    ],
    [
      "signature-invalid",
      (plane, next) => [plane.sign(next, plane.nodeId, generateKeyPair("ed25519").privateKey), next],
    ],
    ["signing-key-unknown", (plane, next) => [{ ...signedFor(plane, next), keyId: "0123456789abcdef" }, next]],
    ["node-mismatch", (plane, next) => [plane.sign(next, "another-node"), next]],
    [
      "network-mismatch",
      (plane, next) => {
        const entry = { ...next, network: "PRODUCTION" } as const;
        return [plane.sign(entry), entry];
      },
    ],
    [
      "digest-mismatch",
      (plane, next) => {
        const entry = { ...next, content: caSet(plane, "1", [rootB], 2) };
        return [plane.sign(entry), entry];
      },
    ],
    [
      "entry-malformed",
      (plane, next) => {
        const content = caSet(plane, "1", [rootA, rootB], 2);
        const entry = { ...next, content: { ...content, fingerprints: content.fingerprints.toReversed() } };
        return [plane.sign(entry), entry];
      },
    ],
    ["entry-malformed", (plane, next) => [{ ...signedFor(plane, next), extra: true }, next]],
    [
      "entry-malformed",
      (plane) => {
        const entry = plane.entry("ca-set/1", edgeCertificate(9, "1", ["shop.example"]));
        return [plane.sign(entry), entry];
      },
    ],
    [
      "generation-regressed",
      (plane) => {
        const entry = plane.entry("ca-set/1", caSet(plane, "1", [rootB]), { epoch: 1, number: 4 });
        return [plane.sign(entry), entry];
      },
    ],
    [
      "generation-regressed",
      (plane) => {
        const entry = plane.entry("ca-set/1", caSet(plane, "1", [rootB]), { epoch: 1, number: 5 });
        return [plane.sign(entry), entry];
      },
    ],
  ];
  test.each(cases)("%s", async (code, announcement) => {
    const { next, ...agent } = await servingAgent();
    const [announced, entry] = announcement(agent.plane, next);
    agent.plane.announce([announced]);
    await expectRejected(agent.plane, agent, entry, code);
    expect(agent.messages()).toContain("announcement turned down");
  });

  test("and it does not stand in the way of the true one", async () => {
    const { plane, next } = await servingAgent();
    plane.announce([{ ...plane.sign(next), keyId: "0123456789abcdef" }]);
    await plane.reported(next, "rejected");
    plane.announce([plane.sign(next)]);
    await plane.reported(next, "verified");
  });
});

describe("certificates are taken by their SHA-256 alone", () => {
  test("certificate-unavailable: tried again until it is there", async () => {
    const { plane, next, ...agent } = await servingAgent();
    plane.certificates.delete(rootB.fingerprint);
    plane.announce([plane.sign(next)]);
    await expectRejected(plane, { ...agent, plane }, next, "certificate-unavailable");
    plane.certificates.set(rootB.fingerprint, rootB.der);
    await plane.reported(next, "verified");
  });

  test("certificate-unavailable: an answer that holds no certificates", async () => {
    const { plane, next, ...agent } = await servingAgent();
    plane.certificatesBody = '{"certificates":[]}';
    plane.announce([plane.sign(next)]);
    await expectRejected(plane, { ...agent, plane }, next, "certificate-unavailable");
  });

  test("certificate-unavailable: an answer without end", async () => {
    const { plane, next, ...agent } = await servingAgent();
    plane.certificatesBody = "x".repeat(4 * 1024 * 1024);
    plane.announce([plane.sign(next)]);
    await expectRejected(plane, { ...agent, plane }, next, "certificate-unavailable");
  });

  test("a control plane that breaks off in the middle rejects nothing: the entry is asked for again", async () => {
    const { plane, next } = await servingAgent();
    const breaking = Promise.withResolvers<void>();
    plane.beforeCertificates = () => breaking.promise;
    plane.put(caSet(plane, "1", [rootA, rootB], 2), next.generation);
    await plane.until(() => plane.requests.length === 2, "a request for the certificate");
    plane.beforeCertificates = async () => undefined;
    plane.dropSessions();
    breaking.resolve();
    await plane.reported(next, "verified");
    expect(plane.reports.filter(({ state }) => state === "rejected")).toEqual([]);
  });

  test("certificate-digest-mismatch: other bytes under the name", async () => {
    const { plane, next, ...agent } = await servingAgent();
    plane.certificates.set(rootB.fingerprint, pki.root("Another").der);
    plane.announce([plane.sign(next)]);
    await expectRejected(plane, { ...agent, plane }, next, "certificate-digest-mismatch");
  });

  test("certificate-malformed: the right bytes, and no certificate", async () => {
    const { plane, next, ...agent } = await servingAgent();
    const { entry } = withBytes(plane, next, Uint8Array.of(0x30, 0x03, 0x02, 0x01));
    await expectRejected(plane, { ...agent, plane }, entry, "certificate-malformed");
  });

  test("limit-exceeded: larger than any certificate", async () => {
    const { plane, next, ...agent } = await servingAgent();
    const { entry } = withBytes(plane, next, new Uint8Array(200_000));
    await expectRejected(plane, { ...agent, plane }, entry, "limit-exceeded");
  });

  test("limit-exceeded: more entries than a node takes; a withdrawal makes room", async () => {
    const { plane, ...agent } = await servingAgent({ maxEntries: 1 });
    const second = plane.put(caSet(plane, "2", [rootB]));
    await expectRejected(plane, { ...agent, plane }, second, "limit-exceeded");
    await plane.reported(plane.withdraw("ca-set/1"), "verified");
    plane.announce([...plane.entries.values()]);
    await plane.reported(second, "verified");
  });
});

describe("what the engine says is reported in its words", () => {
  test("engine-refused, also for an engine that throws", async () => {
    const { plane, next, ...agent } = await servingAgent({
      answer: (step, { generation }) => {
        if (step === "apply" && generation.number > 5) throw new Error("out of file descriptors");
        return undefined;
      },
    });
    plane.announce([plane.sign(next)]);
    await expectRejected(plane, { ...agent, plane }, next, "engine-refused");
    const report = await plane.reported(next, "rejected");
    expect(report.rejection?.detail).toContain("out of file descriptors");
  });

  test("proof-failed: the new content is served, which the detail says; proved later when the proof succeeds", async () => {
    let failures = 2;
    const { plane, next, engine } = await servingAgent({
      answer: (step, { generation }) =>
        step === "verify" && generation.number > 5 && failures-- > 0
          ? { ok: false, code: "proof-failed", detail: "one connection is left" }
          : undefined,
    });
    plane.announce([plane.sign(next)]);
    const { rejection } = await plane.reported(next, "rejected");
    expect(rejection).toEqual({
      code: "proof-failed",
      detail: "The new content is served, and its proof failed: one connection is left",
    });
    await plane.reported(next, "verified");
    expect(engine.calls.filter(({ step, change }) => step === "apply" && change.generation.number > 5)).toHaveLength(1);
  });

  test("an engine that can never prove it rejects nothing: the entry stays applied, and says what is in the way", async () => {
    const { plane, next } = await servingAgent({
      answer: (step, { generation }) =>
        step === "verify" && generation.number > 5
          ? { ok: false, code: "unprovable", detail: "two CAs have one name" }
          : undefined,
    });
    plane.announce([plane.sign(next)]);
    const said = () => plane.reports.filter(({ generation }) => generation.number > 5);
    await plane.until(() => said().some(({ detail }) => detail === "two CAs have one name"), "a report with words");
    expect(said().map(({ state, detail }) => [state, detail])).toEqual([
      ["delivered", undefined],
      ["applied", "kept in memory"],
      ["applied", "two CAs have one name"],
    ]);
  });
});

/** An entry that names, with a true digest, bytes that are no certificate; announced. */
function withBytes(plane: FakeControlPlane, { generation }: ManifestEntry, bytes: Uint8Array) {
  const fingerprint = nodeCrypto.sha256(bytes);
  plane.certificates.set(fingerprint, bytes);
  const fingerprints = [rootA.fingerprint, fingerprint].sort();
  const entry = plane.entry("ca-set/1", { ...caSet(plane, "1", [rootA], 2), fingerprints }, generation);
  plane.announce([plane.sign(entry)]);
  return { entry };
}
