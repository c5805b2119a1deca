import { nodeCrypto } from "@tcm/node-crypto";
import { testPki, type TestCertificate } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { buildIssuerGraph } from "../path/issuer-graph.ts";
import { chainStructure } from "./chain-structure.ts";
import { renderTree } from "./render-tree.ts";

const pki = testPki();

function structureOf(...samples: readonly TestCertificate[]) {
  const certificates = samples.map(({ certificate }) => certificate);
  return chainStructure(certificates, buildIssuerGraph(certificates, nodeCrypto));
}

/** Lines without fingerprint and date. */
const tree = (...samples: readonly TestCertificate[]) =>
  renderTree(structureOf(...samples))
    .replaceAll(/ {2}\[(root|intermediate), [0-9a-f]{12}, until \d{4}-\d\d-\d\d\]/g, " ($1)")
    .trimEnd()
    .split("\n");

const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const sub = issuing.intermediate("Sub");

describe("the structure of a set", () => {
  test("has roots, intermediates and every edge", () => {
    const { roots, tops, members } = structureOf(sub, root, issuing);
    expect([roots, tops]).toEqual([[root.fingerprint], []]);
    expect(members).toMatchObject([
      { kind: "intermediate", issuedBy: [issuing.fingerprint], issues: [], isCoveredFromAbove: true },
      { kind: "root", issuedBy: [], issues: [issuing.fingerprint], isCoveredFromAbove: false },
      { kind: "intermediate", issuedBy: [root.fingerprint], issues: [sub.fingerprint], isCoveredFromAbove: true },
    ]);
    expect(members[1]).toMatchObject({
      subject: "CN=Root",
      issuer: "CN=Root",
      endDate: new Date(root.certificate.notAfter * 1000).toISOString().replace(".000", ""),
    });
  });

  test("a member without issuer in the set is a top, not a root", () => {
    const { roots, tops } = structureOf(issuing, sub);
    expect([roots, tops]).toEqual([[], [issuing.fingerprint]]);
  });

  test("a cross-signed CA has an entry under each of its issuers", () => {
    const other = pki.root("Other");
    const crossed = other.crossSign(issuing);
    const { members } = structureOf(root, other, issuing, crossed, sub);
    const lowest = members.find(({ fingerprint }) => fingerprint === sub.fingerprint);
    expect(lowest?.issuedBy.toSorted()).toEqual([crossed.fingerprint, issuing.fingerprint].toSorted());
    expect(tree(root, other, issuing, crossed, sub)).toEqual([
      "CN=Root (root)",
      "└─ CN=Issuing (intermediate)",
      "   └─ CN=Sub (intermediate)",
      "CN=Other (root)",
      "└─ CN=Issuing (intermediate)",
      "   └─ CN=Sub (intermediate)",
    ]);
  });

  test("a namesake that signed nothing has nothing below it", () => {
    const { members } = structureOf(root.forge(), issuing);
    expect(members.map(({ issues }) => issues)).toEqual([[], []]);
  });
});

describe("the structure for a terminal", () => {
  test("branches are drawn", () => {
    expect(tree(root, issuing, sub, root.intermediate("Second"))).toEqual([
      "CN=Root (root)",
      "├─ CN=Issuing (intermediate)",
      "│  └─ CN=Sub (intermediate)",
      "└─ CN=Second (intermediate)",
    ]);
  });

  test("CAs that sign each other are shown once around and marked", () => {
    const [a, b] = [pki.root("A"), pki.root("B")];
    const lines = tree(b.crossSign(a), a.crossSign(b));
    expect(lines).toEqual(["CN=A (intermediate)", "└─ CN=B (intermediate)", "   └─ CN=A (intermediate) (see above)"]);
  });

  test("hostile names cannot reach the terminal", () => {
    expect(tree(pki.root("\u001b[2JRoot\n\u202eevil"))).toEqual(["CN=\\x1b[2JRoot\\x0a\\u{202e}evil (root)"]);
  });

  test("a mesh of cross-signed CAs is cut at 1,000 lines", () => {
    // Every CA of a layer is signed by both of the one above, so that paths double with each layer.
    let layer = [pki.root("L0 A"), pki.root("L0 B")];
    const all = [...layer];
    for (let depth = 1; depth < 12; depth++) {
      const [a, b] = layer;
      if (a === undefined || b === undefined) break;
      const next = ["A", "B"].map((side) => a.intermediate(`L${depth} ${side}`));
      all.push(...next, ...next.map((ca) => b.crossSign(ca)));
      layer = next;
    }
    const lines = tree(...all);
    expect(lines).toHaveLength(1_001);
    expect(lines.at(-1)).toBe("… more than 1000 lines");
  });

  test("an empty set is an empty text", () => expect(renderTree(structureOf())).toBe(""));
});
