import { buildAnchorIndex } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { type TestCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { RefusalJudge } from "./refusal-judge.ts";

const pki = testPki();
const removed = pki.root("Removed Root");
const change = { generation: { epoch: 1, number: 2 }, removed: buildAnchorIndex([removed.certificate]) };
const partner = removed.leaf("partner");
/** Of somebody else's CA of that name. */
const forged = pki.root("Removed Root").leaf("forged");
const second = partner.certificate.notBefore + 60;

function judging() {
  const judge = new RefusalJudge(nodeCrypto);
  return ({ certificate }: TestCertificate, time = second) => judge.judge([certificate], change, time);
}

describe("whom a removal cut off is told from strangers", () => {
  test("by the signature, and not by the name", () => {
    const judge = judging();
    expect(judge(partner)).toEqual({ kind: "cut-off", anchor: removed.fingerprint });
    expect(judge(forged)).toEqual({ kind: "stranger" });
    expect(judge(pki.root("Stranger Root").leaf("other"))).toEqual({ kind: "stranger" });
  });

  test("and strangers who come in mass leave nobody called one of them unseen", () => {
    const judge = judging();
    for (let i = 0; i < 100; i++) expect(judge(forged)).toEqual({ kind: "stranger" });
    expect([judge(forged), judge(partner)]).toEqual([{ kind: "not-judged" }, { kind: "not-judged" }]);
    // Who names no removed CA takes nobody's turn, and needs none.
    expect(judge(pki.root("Stranger Root").leaf("other"))).toEqual({ kind: "stranger" });
    expect(judge(partner, second + 1)).toMatchObject({ kind: "cut-off" });
  });
});
