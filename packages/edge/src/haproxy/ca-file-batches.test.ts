import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { renderTrustPem } from "../trust-files/render-trust-pem.ts";
import { caFileBatches, maxPayloadBytes } from "./ca-file-batches.ts";

const pki = testPki();
const root = pki.root("Root");
const anchors = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? pki.root(`R${i}`) : root.intermediate(`I${i}`)));
const pem = renderTrustPem(anchors.map(({ certificate }) => certificate));

describe("payloads that fit into HAProxy's buffer", () => {
  test("hold every block once, in order, none larger than the limit", () => {
    const batches = caFileBatches(pem);
    expect(batches.join("")).toBe(pem);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.every(({ length }) => length <= maxPayloadBytes)).toBe(true);
  });

  test("are filled to the byte", () => {
    const [one, two] = [renderTrustPem([root.certificate]), renderTrustPem([root.certificate, root.certificate])];
    expect(caFileBatches(two, one.length * 2)).toEqual([two]);
    expect(caFileBatches(two, one.length * 2 - 1)).toEqual([one, one]);
  });

  test("are one where a block alone is too large: the engine will say so", () => {
    expect(caFileBatches(root.pem, 10)).toEqual([root.pem]);
  });
});
