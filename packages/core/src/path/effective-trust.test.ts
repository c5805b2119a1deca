import { nodeCrypto } from "@tcm/node-crypto";
import { type TestCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { keyPurpose } from "../certificate/extension-oid.ts";
import { effectiveTrust, pinningEffect } from "./effective-trust.ts";
import { buildIssuerGraph } from "./issuer-graph.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const other = root.intermediate("Other");

function trustOf(...members: readonly TestCertificate[]) {
  const certificates = members.map(({ certificate }) => certificate);
  return effectiveTrust(certificates, buildIssuerGraph(certificates, nodeCrypto));
}

describe("what each member of a set adds", () => {
  test("a CA by itself is the only one that lets its clients in", () => {
    const [anchor] = trustOf(issuing).anchors;
    expect(anchor).toMatchObject({ role: "issuing", covers: [], coveredBy: [] });
  });

  test("a root above members widens the set to every CA under it", () => {
    const { anchors } = trustOf(root, issuing, other);
    expect(anchors.map(({ role }) => role)).toEqual(["widening", "pinned", "pinned"]);
    expect(anchors[0]?.covers.toSorted()).toEqual([issuing.fingerprint, other.fingerprint].toSorted());
    expect(anchors[1]?.coveredBy).toEqual([root.fingerprint]);
  });

  test("a renewed certificate of the same CA adds no clients", () => {
    const renewed = issuing.renew();
    const { anchors } = trustOf(issuing, renewed);
    expect(anchors.map(({ role, coveredBy }) => [role, coveredBy])).toEqual([
      ["pinned", [renewed.fingerprint]],
      ["pinned", [issuing.fingerprint]],
    ]);
  });

  test("cross-signed roots cover each other and nothing is below itself", () => {
    const [a, b] = [pki.root("A"), pki.root("B")];
    const { anchors } = trustOf(a, b, a.crossSign(b), b.crossSign(a));
    for (const { fingerprint, covers } of anchors) expect(covers).not.toContain(fingerprint);
  });
});

describe("whom an anchor lets in", () => {
  test("anybody it issues for, unless it says otherwise", () => {
    expect(trustOf(root).anchors[0]?.letsIn).toEqual({ clientAuth: true, until: "2036-05-29T00:00:00Z" });
  });

  test("within its path length and names, until it runs out", () => {
    const limited = pki.root("Limited", {
      basicConstraints: { cA: true, pathLenConstraint: 0 },
      nameConstraints: {
        permitted: [{ dns: "a.test" }, { directoryName: { O: "Partner" } }],
        excluded: [{ ip: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) }],
      },
    });
    expect(trustOf(limited).anchors[0]?.letsIn).toMatchObject({
      furtherCas: 0,
      permittedNames: ["dNSName:a.test", "directoryName:O=Partner"],
      excludedNames: ["iPAddress:10.0.0.0/255.0.0.0"],
    });
  });

  test("nobody when it may only issue for servers", () => {
    const servers = pki.root("Servers", { extendedKeyUsage: [keyPurpose.serverAuth] });
    expect(trustOf(servers).anchors[0]?.letsIn.clientAuth).toBe(false);
  });
});

describe("trusting chosen points instead of the whole chain", () => {
  test("by default the lowest members stay, and the root's other CAs lose access", () => {
    const { pinning } = trustOf(root, issuing, other);
    expect(pinning.kept).toEqual([issuing.fingerprint, other.fingerprint]);
    expect(pinning.dropped).toEqual([
      { fingerprint: root.fingerprint, subject: "CN=Root", stillServedBy: [issuing.fingerprint, other.fingerprint] },
    ]);
  });

  test("any members may be chosen", () => {
    const certificates = [root, issuing, other].map(({ certificate }) => certificate);
    const effect = pinningEffect(certificates, buildIssuerGraph(certificates, nodeCrypto), [issuing.fingerprint]);
    expect(effect.kept).toEqual([issuing.fingerprint]);
    expect(effect.dropped.map(({ subject, stillServedBy }) => [subject, stillServedBy])).toEqual([
      ["CN=Root", [issuing.fingerprint]],
      ["CN=Other", []],
    ]);
  });
});
