import type { ChainMember, ChainStructure } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { boxHeight, boxWidth, type GraphLayout, graphLayout } from "./graph-layout.ts";
import { graphItems, relativesOf } from "./graph-members.ts";
import { walk } from "./graph-walk.ts";

/** "a>x b>x": a and b are roots that certify x. */
function structureOf(text: string, roots: readonly string[]): ChainStructure {
  const arrows = text.split(" ").map((one) => one.split(">"));
  const ids = [...new Set(arrows.flat())];
  const members = ids.map(
    (id): ChainMember => ({
      fingerprint: id,
      subject: `CN=${id}`,
      issuer: "",
      endDate: "",
      kind: roots.includes(id) ? "root" : "intermediate",
      issuedBy: arrows.filter(([, to]) => to === id).map(([from = ""]) => from),
      issues: arrows.filter(([from, to]) => from === id && to !== undefined).map(([, to = ""]) => to),
      isCoveredFromAbove: false,
    }),
  );
  return { roots, tops: [], members };
}

const none: ReadonlySet<string> = new Set();

function rowsOf({ boxes }: GraphLayout): readonly string[] {
  const rows = Map.groupBy(boxes, ({ y }) => y);
  return [...rows.keys()]
    .toSorted((a, b) => a - b)
    .map((y) =>
      (rows.get(y) ?? [])
        .toSorted((a, b) => a.x - b.x)
        .map(({ id }) => id)
        .join(" "),
    );
}

function expectNoOverlap({ boxes, width, height }: GraphLayout): void {
  for (const [i, a] of boxes.entries()) {
    expect(a.x).toBeGreaterThanOrEqual(0);
    expect(a.x + boxWidth).toBeLessThanOrEqual(width);
    expect(a.y + boxHeight).toBeLessThanOrEqual(height);
    for (const b of boxes.slice(i + 1))
      expect(Math.abs(a.x - b.x) >= boxWidth || Math.abs(a.y - b.y) >= boxHeight, `${a.id} and ${b.id}`).toBe(true);
  }
}

describe("the chain graph", () => {
  test("has roots on top and each CA under all of its issuers", () => {
    const layout = graphLayout(structureOf("a>x b>x x>y a>y", ["a", "b"]), none, undefined);
    expect(rowsOf(layout)).toEqual(["a b", "x", "y"]);
    expect(layout.arrows.filter(({ to }) => to === "x").map(({ from }) => from)).toEqual(["a", "b"]);
    expectNoOverlap(layout);
  });

  test("ends where CAs certify each other, and draws the way back as one", () => {
    const layout = graphLayout(structureOf("r>p p>q q>p", ["r"]), none, undefined);
    expect(rowsOf(layout)).toEqual(["r", "p", "q"]);
    expect(layout.arrows.filter(({ isBack }) => isBack)).toEqual([
      { from: "q", to: "p", isBack: true, isImplied: false },
    ]);
  });

  test("draws a ring that hangs from nothing", () => {
    expect(rowsOf(graphLayout(structureOf("p>q q>s s>p", []), none, undefined))).toEqual(["p", "q", "s"]);
  });

  test("keeps a root on top that another root with the same key certifies", () => {
    const layout = graphLayout(structureOf("a>b b>a b>x", ["a", "b"]), none, undefined);
    expect(rowsOf(layout)).toEqual(["a b", "x"]);
  });

  test("untangles what a few sweeps can", () => {
    const layout = graphLayout(structureOf("a>y a>x b>y b>z c>z c>x r>a r>b r>c", ["r"]), none, undefined);
    expectNoOverlap(layout);
    expect(rowsOf(layout)).toHaveLength(3);
  });

  test("draws what hangs together beside each other, and what stands alone last", () => {
    const layout = graphLayout(structureOf("lone a>x b>y", ["lone", "a", "b"]), none, undefined);
    expect(rowsOf(layout)).toEqual(["a b lone", "x y"]);
  });

  test("is the same for the same set", () => {
    const structure = structureOf("a>x b>x x>y x>z b>z c", ["a", "b", "c"]);
    expect(graphLayout(structure, none, "z")).toEqual(graphLayout(structure, none, "z"));
  });

  test.each([
    ["300 roots", Array.from({ length: 300 }, (_, i) => `r${i}`).join(" "), 5],
    ["a root over 299 CAs", Array.from({ length: 299 }, (_, i) => `r0>i${i}`).join(" "), 6],
    ["150 roots with a CA each", Array.from({ length: 150 }, (_, i) => `r${i}>i${i}`).join(" "), 300],
  ])("of %s is usable: nothing overlaps, and it is six boxes wide at most", (_name, text, boxes) => {
    const structure = structureOf(text, [...new Set(text.match(/r\d+/g))]);
    const layout = graphLayout(structure, none, undefined);
    expect(layout.boxes).toHaveLength(boxes);
    expect(layout.width).toBeLessThanOrEqual(6 * (boxWidth + 20));
    expectNoOverlap(layout);
  });

  test("has an arrow to the first row of many that are alike; those to the others are drawn when they are asked for", () => {
    const text = Array.from({ length: 20 }, (_, i) => `r>i${i}`).join(" ");
    const { arrows } = graphLayout(structureOf(text, ["r"]), new Set(["more r"]), undefined);
    expect(arrows.filter(({ isImplied }) => !isImplied).map(({ to }) => to)).toEqual([
      "i0",
      "i1",
      "i2",
      "i3",
      "i4",
      "i5",
    ]);
    expect(arrows).toHaveLength(20);
  });

  test("of an empty set is empty", () => {
    expect(graphLayout({ roots: [], tops: [], members: [] }, none, undefined)).toEqual({
      boxes: [],
      arrows: [],
      width: 0,
      height: 0,
    });
  });
});

describe("certificates that are alike", () => {
  const structure = structureOf("r>a r>b r>c r>d r>e r>f r>g", ["r"]);
  const drawn = (open: ReadonlySet<string>, focus?: string): readonly string[] =>
    graphItems(structure, open, focus).map((item) => (item.kind === "more" ? `+${item.members.length}` : item.id));

  test("become one box after the first four, which can be opened", () => {
    expect(drawn(none)).toEqual(["r", "a", "b", "c", "d", "+3"]);
    expect(drawn(new Set(["more r"]))).toEqual(["r", "a", "b", "c", "d", "e", "f", "g"]);
  });

  test("are drawn when they are looked at", () => {
    expect(drawn(none, "f")).toEqual(["r", "a", "b", "c", "d", "f", "+2"]);
  });

  test("are all drawn when the box would hold one", () => {
    expect(graphItems(structureOf("r>a r>b r>c r>d r>e", ["r"]), none, undefined)).toHaveLength(6);
  });
});

test("the way of a certificate is all above and all below it", () => {
  const structure = structureOf("a>x b>x x>y b>z q>p p>q", ["a", "b"]);
  expect([...relativesOf(structure, "x")].toSorted()).toEqual(["a", "b", "x", "y"]);
  expect([...relativesOf(structure, "z")].toSorted()).toEqual(["b", "z"]);
  expect([...relativesOf(structure, "p")].toSorted()).toEqual(["p", "q"]);
});

test.each([
  ["x", "ArrowUp", "a"],
  ["a", "ArrowUp", "a"],
  ["a", "ArrowDown", "x"],
  ["y", "ArrowDown", "y"],
  ["a", "ArrowRight", "b"],
  ["b", "ArrowRight", "x"],
  ["a", "ArrowLeft", "a"],
  ["y", "Home", "a"],
  ["a", "End", "y"],
] as const)("from %s the key %s leads to %s", (from, key, to) => {
  expect(walk(graphLayout(structureOf("a>x b>x x>y", ["a", "b"]), none, undefined), from, key)).toBe(to);
});
