import { nodeCrypto } from "@tcm/node-crypto";
import { testPki, type TestCertificate } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { buildIssuerGraph } from "../path/issuer-graph.ts";
import { removalEffect } from "./removal-effect.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const sub = issuing.intermediate("Sub");
const other = pki.root("Other");

function effect(before: readonly TestCertificate[], after: readonly TestCertificate[]) {
  const [old, next] = [before, after].map((list) => list.map(({ certificate }) => certificate));
  const all = [...new Map([...(old ?? []), ...(next ?? [])].map((one) => [one.fingerprint, one])).values()];
  const { removed, stillTrusted } = removalEffect(old ?? [], next ?? [], buildIssuerGraph(all, nodeCrypto));
  return {
    removed: removed.map(({ fingerprint }) => fingerprint),
    stillTrusted: Object.fromEntries(stillTrusted.map(({ fingerprint, by }) => [fingerprint, by])),
  };
}

const f = (...samples: readonly TestCertificate[]) => samples.map(({ fingerprint }) => fingerprint).toSorted();

describe("what a removal really removes is the CA: its subject and its key", () => {
  test("nothing taken out, nothing removed", () => {
    expect(effect([root, issuing], [root, issuing])).toEqual({ removed: [], stillTrusted: {} });
    expect(effect([], [root])).toEqual({ removed: [], stillTrusted: {} });
  });

  test("a CA of its own is removed", () => {
    expect(effect([root, other], [root])).toEqual({ removed: f(other), stillTrusted: {} });
    expect(effect([root, issuing], [])).toEqual({ removed: [root.fingerprint, issuing.fingerprint], stillTrusted: {} });
  });

  test("a renewed certificate of the same CA still trusts its clients", () => {
    const renewed = root.renew();
    expect(effect([root, renewed], [renewed])).toEqual({
      removed: [],
      stillTrusted: { [root.fingerprint]: f(renewed) },
    });
    expect(effect([root], [renewed]).stillTrusted).toEqual({ [root.fingerprint]: f(renewed) });
  });

  test("a certificate of the same name with another key does not", () => {
    const namesake = pki.root("Root");
    expect(effect([root], [namesake]).removed).toEqual(f(root));
    expect(effect([root], [root.forge()]).removed).toEqual(f(root));
  });

  test("a cross-signed certificate of the same CA does", () => {
    const crossed = other.crossSign(issuing);
    expect(effect([issuing, crossed], [crossed]).stillTrusted).toEqual({ [issuing.fingerprint]: f(crossed) });
  });

  test("a root above it that stays does, over any number of CAs", () => {
    expect(effect([root, issuing, sub], [root])).toEqual({
      removed: [],
      stillTrusted: { [issuing.fingerprint]: f(root), [sub.fingerprint]: f(root) },
    });
  });

  test("a CA below it that stays does not", () => {
    expect(effect([root, issuing], [issuing])).toEqual({ removed: f(root), stillTrusted: {} });
  });

  test("a root above it that comes with the same change does", () => {
    expect(effect([issuing], [root])).toEqual({ removed: [], stillTrusted: { [issuing.fingerprint]: f(root) } });
  });

  test("a renewed certificate of the root above it does, and so does the root of a cross-sign that goes too", () => {
    const renewed = root.renew();
    expect(effect([root, issuing], [renewed]).stillTrusted).toEqual({
      [root.fingerprint]: f(renewed),
      [issuing.fingerprint]: f(renewed),
    });
    const crossed = other.crossSign(issuing);
    expect(effect([root, other, issuing, crossed], [other])).toEqual({
      removed: f(root),
      stillTrusted: { [issuing.fingerprint]: f(other), [crossed.fingerprint]: f(other) },
    });
  });

  test("everything that still trusts it is named, once and sorted", () => {
    const [crossed, renewed] = [other.crossSign(issuing), issuing.renew()];
    expect(effect([root, other, issuing, crossed], [root, other, crossed, renewed]).stillTrusted).toEqual({
      [issuing.fingerprint]: f(root, other, crossed, renewed),
    });
  });

  test("CAs that sign each other end", () => {
    const [a, b] = [pki.root("A"), pki.root("B")];
    const [aByB, bByA] = [b.crossSign(a), a.crossSign(b)];
    expect(effect([aByB, bByA], [aByB]).stillTrusted).toEqual({ [bByA.fingerprint]: f(aByB) });
    expect(effect([aByB, bByA], []).removed).toHaveLength(2);
  });
});
