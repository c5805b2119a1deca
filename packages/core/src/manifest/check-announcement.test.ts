import { generateKeyPair, nodeCrypto, signEd25519, verifyEd25519 } from "@tcm/node-crypto";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../pem/base64.ts";
import { type AnnouncementContext, checkAnnouncement, entryIdOf } from "./check-announcement.ts";
import { entryDigest, signedBytes } from "./entry-digest.ts";
import { compareGenerations, formatGeneration } from "./generation.ts";
import type { CaSetContent, EdgeCertificateContent, ManifestEntry, SignedManifestEntry } from "./manifest-entry.ts";

const key = generateKeyPair("ed25519");
const spki = key.publicKey.export({ type: "spki", format: "der" });
const keyId = "0123456789abcdef";

const content: CaSetContent = {
  kind: "ca-set",
  caSetId: "7",
  caSetName: "partners",
  version: 3,
  fingerprints: ["aa".repeat(32), "bb".repeat(32)],
};
const edgeCertificate: EdgeCertificateContent = {
  kind: "edge-certificate",
  edgeCertificateId: 9,
  hostnames: ["shop.example"],
  caSetId: "7",
  mode: "deny",
  sendCaListToClient: false,
};

const entry: ManifestEntry = {
  network: "STAGING",
  entryId: "ca-set/7",
  generation: { epoch: 1, number: 5 },
  content,
  digest: entryDigest(content, nodeCrypto),
};

function sign(signed: ManifestEntry = entry, nodeId = "edge-1"): SignedManifestEntry {
  const signature = encodeBase64(signEd25519(key.privateKey, signedBytes(signed, nodeId)));
  return { entry: signed, nodeId, keyId, signature };
}

function check(announcement: SignedManifestEntry, more: Partial<AnnouncementContext> = {}) {
  return checkAnnouncement(announcement, {
    nodeId: "edge-1",
    network: "STAGING",
    held: undefined,
    crypto: nodeCrypto,
    verifySignature: (id, data, text) => {
      if (id !== keyId) return "unknown";
      const signature = decodeBase64(text);
      return signature.ok && verifyEd25519(spki, data, signature.bytes) ? "valid" : "invalid";
    },
    ...more,
  });
}

const codeOf = (...args: Parameters<typeof check>) => {
  const decision = check(...args);
  return decision.take === "reject" ? decision.rejection.code : decision.take;
};

describe("a node takes only what was signed for it", () => {
  test("a new entry is accepted", () => expect(check(sign())).toEqual({ take: "accept", entry }));

  test("content of an edge certificate, and a withdrawal, are accepted", () => {
    const bound = { ...entry, entryId: "edge-certificate/9", content: edgeCertificate };
    expect(codeOf(sign({ ...bound, digest: entryDigest(edgeCertificate, nodeCrypto) }))).toBe("accept");
    expect(codeOf(sign({ ...entry, content: null, digest: entryDigest(null, nodeCrypto) }))).toBe("accept");
  });

  test.each<[string, SignedManifestEntry]>([
    ["network-mismatch", sign({ ...entry, network: "PRODUCTION" })],
    ["node-mismatch", sign(entry, "edge-2")],
    ["signing-key-unknown", { ...sign(), keyId: "ffffffffffffffff" }],
    ["signature-invalid", { ...sign(), signature: encodeBase64(new Uint8Array(64)) }],
    ["signature-invalid", { ...sign(), signature: "no base64" }],
    ["signature-invalid", { ...sign(), entry: { ...entry, entryId: "ca-set/8" } }],
    ["signature-invalid", { ...sign(), entry: { ...entry, generation: { epoch: 1, number: 6 } } }],
    ["signature-invalid", { ...sign(), entry: { ...entry, generation: { epoch: 2, number: 5 } } }],
    ["signature-invalid", { ...sign(), entry: { ...entry, digest: entryDigest(null, nodeCrypto) } }],
    ["digest-mismatch", { ...sign(), entry: { ...entry, content: { ...content, version: 4 } } }],
    ["digest-mismatch", { ...sign(), entry: { ...entry, content: null } }],
    ["digest-mismatch", { ...sign(), entry: { ...entry, content: { ...content, fingerprints: [] } } }],
    ["entry-malformed", sign({ ...entry, entryId: "ca-set/8" })],
    ["entry-malformed", sign({ ...entry, entryId: "edge-certificate/7" })],
  ])("%s", (code, announcement) => expect(codeOf(announcement)).toBe(code));

  test("an entry for another network is refused although it is signed for the node's name", () => {
    expect(codeOf(sign(), { network: "PRODUCTION" })).toBe("network-mismatch");
    expect(codeOf({ ...sign(), entry: { ...entry, network: "PRODUCTION" } }, { network: "PRODUCTION" })).toBe(
      "signature-invalid",
    );
  });

  test("an entry for another node is refused although the name on it was changed", () => {
    expect(codeOf({ ...sign(entry, "edge-2"), nodeId: "edge-1" })).toBe("signature-invalid");
  });

  test("a signature made for another purpose is none", () => {
    const undecorated = signedBytes(entry, "edge-1").subarray("trust-chain-manager manifest-entry v1\n".length);
    const signature = encodeBase64(signEd25519(key.privateKey, undecorated));
    expect(codeOf({ ...sign(), signature })).toBe("signature-invalid");
  });
});

describe("generations only rise", () => {
  const held = (epoch: number, number: number, digest = entry.digest) => ({
    held: { generation: { epoch, number }, digest },
  });

  test.each([
    ["accept", held(1, 4), "the next"],
    ["accept", held(1, 1), "one that skips some"],
    ["ignore", held(1, 5), "the same again"],
    ["generation-regressed", held(1, 5, "00".repeat(32)), "the same with other content"],
    ["generation-regressed", held(1, 6), "an older one"],
    ["generation-regressed", held(1, 6, "00".repeat(32)), "an older one with other content"],
    ["generation-regressed", held(2, 1), "an older epoch with a higher number"],
    ["accept", held(0, 900), "a newer epoch with a lower number"],
  ])("%s: %o (%s)", (take, context) => expect(codeOf(sign(), context)).toBe(take));

  test("a withdrawn entry does not come back by an older generation", () => {
    const withdrawn = entryDigest(null, nodeCrypto);
    expect(codeOf(sign(), held(1, 6, withdrawn))).toBe("generation-regressed");
  });

  test("a bad signature is told before a low generation", () => {
    const forged = { ...sign(), signature: encodeBase64(new Uint8Array(64)) };
    expect(codeOf(forged, held(9, 9))).toBe("signature-invalid");
  });

  test.each([
    [[1, 1], [1, 2], -1],
    [[1, 9], [2, 1], -1],
    [[2, 1], [1, 9], 1],
    [[3, 4], [3, 4], 0],
  ])("%j against %j is %i", (a, b, order) => {
    const [left, right] = [a, b].map(([epoch = 0, number = 0]) => ({ epoch, number }));
    if (left === undefined || right === undefined) return expect.unreachable();
    expect(Math.sign(compareGenerations(left, right))).toBe(order);
  });

  test("a generation is written epoch first", () => {
    expect(formatGeneration({ epoch: 2, number: 17 })).toBe("2.17");
  });
});

describe("what is signed", () => {
  test("names protocol, network, node, entry, generation and digest, and nothing else", () => {
    expect(new TextDecoder().decode(signedBytes(entry, "edge-1"))).toBe(
      `trust-chain-manager manifest-entry v1\n{"digest":"${entry.digest}","entryId":"ca-set/7","epoch":1,"network":"STAGING","nodeId":"edge-1","number":5}`,
    );
  });

  test("no name can spell another field", () => {
    const a = signedBytes({ ...entry, entryId: 'ca-set/7","epoch":2,"x":"' }, "edge-1");
    const b = signedBytes({ ...entry, generation: { epoch: 2, number: 5 } }, "edge-1");
    expect(a).not.toEqual(b);
  });

  test("the digest is that of the content, however its members are ordered", () => {
    const shuffled = Object.fromEntries(Object.entries(content).toReversed()) as CaSetContent;
    expect(entryDigest(shuffled, nodeCrypto)).toBe(entry.digest);
    expect(entryDigest({ ...content, fingerprints: content.fingerprints.toReversed() }, nodeCrypto)).not.toBe(
      entry.digest,
    );
    expect(entryDigest(null, nodeCrypto)).toBe("74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b");
  });

  test("content stands under its own name", () => {
    expect([entryIdOf(content), entryIdOf(edgeCertificate)]).toEqual(["ca-set/7", "edge-certificate/9"]);
  });
});
