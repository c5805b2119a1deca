import { buildAnchorIndex, type CryptoPort } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { decideClient } from "./client-verdict.ts";
import { IssuerMemory, rememberVerifications } from "./issuer-memory.ts";
import { readPresented } from "./presented-chain.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const set = {
  caSet: { kind: "ca-set", caSetId: "1", caSetName: "one", version: 1, fingerprints: [root.fingerprint] },
  index: buildAnchorIndex([root.certificate]),
} as const;

function openCounting() {
  let count = 0;
  const counting: CryptoPort = {
    sha256: (data) => nodeCrypto.sha256(data),
    verifySignature: (...args) => {
      count++;
      return nodeCrypto.verifySignature(...args);
    },
  };
  const crypto = rememberVerifications(counting);
  const issuers = new IssuerMemory(crypto);
  const decide = (chain: readonly { readonly der: Uint8Array }[], at = pki.now) => {
    // As they come from a handshake: bytes of their own every time.
    const ders = chain.map(({ der }) => Uint8Array.from(der));
    const presented = readPresented(ders, crypto, issuers);
    const verdict = decideClient(presented, set, at, crypto);
    if (verdict.accepted && presented.kind === "certificates") issuers.keepClient(presented.certificates[0]);
    return verdict;
  };
  return { decide, count: () => count };
}

describe("issuers that clients send again and again", () => {
  test("are verified once, and the certificate of each client once", () => {
    const { decide, count } = openCounting();
    for (const name of ["a", "b", "c"]) expect(decide(issuing.leaf(name).chain)).toMatchObject({ accepted: true });
    expect(count()).toBe(3 + 1);
  });

  test("that are forged stay refused, and do no harm to the one whose name they bear", () => {
    const { decide } = openCounting();
    const forged = issuing.forge();
    for (let times = 0; times < 2; times++) {
      expect(decide(forged.leaf("x").chain)).toMatchObject({ accepted: false, code: "signature-invalid" });
      expect(decide(issuing.leaf("x").chain)).toMatchObject({ accepted: true });
    }
  });

  test("that are malformed stay malformed", () => {
    const { decide } = openCounting();
    const torn = { der: issuing.der.slice(0, -1) };
    for (let times = 0; times < 2; times++) {
      expect(decide([issuing.leaf("x"), torn])).toMatchObject({ code: "client-certificate-malformed" });
    }
  });

  test("are forgotten when too many others came since", () => {
    const issuers = new IssuerMemory(nodeCrypto);
    const first = issuers.parse(issuing.der);
    expect(issuers.parse(Uint8Array.from(issuing.der))).toBe(first);
    for (let n = 0; n < 511; n++) issuers.parse(Uint8Array.of(0x30, 0x82, n >> 8, n & 0xff));
    expect(issuers.parse(issuing.der)).toBe(first);
    for (let n = 0; n < 512; n++) issuers.parse(Uint8Array.of(0x30, 0x83, n >> 8, n & 0xff));
    expect(issuers.parse(issuing.der)).not.toBe(first);
  });

  test("are forgotten when they are large, since anybody can send such ones", () => {
    const issuers = new IssuerMemory(nodeCrypto);
    const first = issuers.parse(issuing.der);
    const sendLarge = (n: number) => issuers.parse(new Uint8Array(32_768).fill(n));
    for (let n = 0; n < 31; n++) sendLarge(n);
    for (let times = 0; times < 40; times++) sendLarge(30);
    expect(issuers.parse(issuing.der)).toBe(first);
    for (let n = 31; n < 63; n++) sendLarge(n);
    expect(issuers.parse(issuing.der)).not.toBe(first);
  });
});

describe("clients that come back", () => {
  test("cost no verification, for as long as they are valid", () => {
    const { decide, count } = openCounting();
    const client = issuing.leaf("client");
    for (let times = 0; times < 3; times++) expect(decide(client.chain)).toMatchObject({ accepted: true });
    expect(count()).toBe(2);
    const later = client.certificate.notAfter + 1;
    expect(decide(client.chain, later)).toMatchObject({ accepted: false, code: "expired" });
  });

  test("do not lend their acceptance to a certificate that differs from theirs in its signature alone", () => {
    const { decide } = openCounting();
    const [client, forged] = [issuing.leaf("client"), issuing.forge().leaf("client")];
    const der = Uint8Array.from(client.der);
    der.set(forged.certificate.signature.slice(-8), der.length - 8);
    expect(decide(client.chain)).toMatchObject({ accepted: true });
    expect(decide([{ der }, issuing])).toMatchObject({ accepted: false, code: "signature-invalid" });
  });

  test("are not pushed out by strangers", () => {
    const { decide, count } = openCounting();
    const client = issuing.leaf("client");
    expect(decide(client.chain)).toMatchObject({ accepted: true });
    const stranger = pki.root("Stranger");
    const { keyPair } = stranger;
    for (let n = 0; n < 1_030; n++) decide(stranger.leaf(`${n}`, { keyPair }).chain);
    const before = count();
    expect(decide(client.chain)).toMatchObject({ accepted: true });
    expect(count()).toBe(before);
  });

  test("are forgotten when too many others were accepted since", () => {
    const issuers = new IssuerMemory(nodeCrypto);
    const { certificate } = issuing.leaf("client");
    const keepOthers = (many: number) => {
      for (let n = 0; n < many; n++) issuers.keepClient({ ...certificate, fingerprint: `${many} ${n}` });
    };
    const isKnown = () => {
      const parsed = issuers.parseClient(certificate.der);
      return parsed.ok && parsed.certificate === certificate;
    };
    issuers.keepClient(certificate);
    keepOthers(1_023);
    expect(isKnown()).toBe(true);
    keepOthers(1_024);
    expect(isKnown()).toBe(false);
  });
});

test("an answer is given again only for the same key, bytes and signature", () => {
  const [one, two] = [issuing.leaf("one").certificate, issuing.leaf("two").certificate];
  const key = issuing.certificate.publicKey;
  const crypto = rememberVerifications(nodeCrypto);
  const scheme = { type: "ecdsa", hash: "sha256" } as const;
  for (let times = 0; times < 2; times++) {
    expect(crypto.verifySignature(scheme, key, one.tbs, one.signature)).toBe(true);
    expect(crypto.verifySignature(scheme, key, one.tbs, two.signature)).toBe(false);
    expect(crypto.verifySignature(scheme, key, two.tbs, two.signature)).toBe(true);
    expect(crypto.verifySignature(scheme, root.certificate.publicKey, one.tbs, one.signature)).toBe(false);
  }
});
