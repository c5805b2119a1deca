import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { clockDoubt } from "./clock-doubt.ts";

const pki = testPki();
const anchor = pki.root("A", { notBefore: pki.now - 60, notAfter: pki.now + 60 });
const caSet = (count: number) => {
  const anchors = Array.from({ length: count }, () => anchor.certificate);
  const content = {
    kind: "ca-set",
    caSetId: "1",
    caSetName: "a",
    version: 1,
    fingerprints: [anchor.fingerprint],
  } as const;
  return { kind: "ca-set", caSet: content, anchors } as const;
};
const at = (seconds: number, count = 1) => clockDoubt(caSet(count), (pki.now + seconds) * 1_000);

describe("anchors that are not valid by the node's clock are named with that clock", () => {
  test.each([-60, 0, 60])("none at %d seconds from now, within its time", (seconds) => expect(at(seconds)).toBe(""));

  test("one that has expired, one that is not valid yet, and which clock says so", () => {
    expect(at(61)).toMatch(
      new RegExp(
        `^; by the clock of this node \\(\\S+Z\\) nobody is let in by ${anchor.fingerprint} expired at \\S+Z$`,
      ),
    );
    expect(at(-61)).toContain(`${anchor.fingerprint} is not valid before `);
  });

  test("of many some are named, and what is no set, or withdrawn, has none", () => {
    expect(at(61, 300)).toMatch(/ and 297 more$/);
    expect(clockDoubt(null, 0)).toBe("");
  });
});
