import { buildAnchorIndex } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { decideClient, refusalSentence } from "./client-verdict.ts";
import { readPresented } from "./presented-chain.ts";

const pki = testPki();
const root = pki.root("Root");
const brief = root.intermediate("Brief", { notAfter: pki.now + 60 });
const client = brief.leaf("client");
const ders = client.chain.map(({ der }) => der);
const fingerprints = [root.fingerprint];
const set = {
  caSet: { kind: "ca-set", caSetId: "1", caSetName: "one", version: 1, fingerprints },
  index: buildAnchorIndex([root.certificate]),
} as const;
const decide = (chain: readonly Uint8Array[], time = pki.now) =>
  decideClient(readPresented(chain, nodeCrypto), set, time, nodeCrypto);

describe("the verdict on a client", () => {
  test("holds until the first certificate of the path runs out", () => {
    expect(decide(ders)).toMatchObject({ accepted: true, validUntil: pki.now + 60 });
    expect(decide(ders, pki.now + 60)).toMatchObject({ accepted: true });
    expect(decide(ders, pki.now + 61)).toMatchObject({ accepted: false, code: "expired" });
  });

  test("is no without a set, without a certificate, and for one that is not whole", () => {
    const presented = readPresented(ders, nodeCrypto);
    expect(decideClient(presented, undefined, pki.now, nodeCrypto)).toMatchObject({ code: "ca-set-not-active" });
    expect(decide([])).toMatchObject({ code: "client-certificate-missing" });
    expect(decide([client.der, brief.der.slice(0, -1)])).toMatchObject({
      code: "client-certificate-malformed",
      detail: expect.stringMatching(/^certificate 1: .* at byte \d+$/),
    });
  });

  test("is no for more bytes than are read, before they are parsed", () => {
    const halves = [new Uint8Array(16_384), new Uint8Array(16_384)];
    expect(decide(halves)).toMatchObject({ accepted: false, code: "client-certificate-malformed" });
    expect(decide([...halves, new Uint8Array(1)])).toMatchObject({ accepted: false, code: "budget-presented" });
  });

  test("is no where a limit ends the search: undetermined is not trusted", () => {
    const sameName = Array.from({ length: 9 }, () => root.forge().intermediate("Brief"));
    const many = [client.der, ...sameName.map(({ der }) => der), ...sameName.map(({ der }) => der)];
    expect(decide(many)).toMatchObject({ accepted: false, code: expect.stringMatching(/^budget-/) });
  });

  test("comes with a sentence for whoever is refused", () => {
    for (const code of ["ca-set-not-active", "client-certificate-missing", "expired"] as const) {
      expect(refusalSentence(code)).toMatch(/\.$/);
    }
  });
});
