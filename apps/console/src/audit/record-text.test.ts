import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AuditRecordView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { actionWords, wordsOf } from "./action-words.ts";
import { recordText } from "./record-text.ts";

const names = new Map([["4", "partners-eu"]]);
const record = (action: string, subject: Record<string, unknown>, outcome = "done"): AuditRecordView => ({
  number: 1,
  date: "2026-01-01T00:00:00Z",
  by: "ann",
  action,
  subject,
  outcome,
  requestId: null,
  hash: "00",
});

describe("a record is told in words, with the page of what it concerns", () => {
  test.each([
    [
      "ACTIVATE_CA_SET_VERSION",
      { caSetId: "4", version: 2, network: "STAGING" },
      ["began to deploy", "partners-eu version 2 on Staging", "/ca-sets/4/versions/2", ""],
    ],
    ["CREATE_CA_SET", { caSetId: "5" }, ["created the set", "set 5", "/ca-sets/5", ""]],
    [
      "CREATE_TOKEN",
      { tokenId: 3, name: "ci", role: "editor", expiryDate: null },
      ["created a token", "ci", "/credentials", "role editor, expiry date none"],
    ],
    ["REVOKE_API_CLIENT", { apiClientId: 3 }, ["revoked an API client", "number 3", "/credentials", ""]],
    ["CHANGE_USER", { userId: 7, name: "bo", disabled: true }, ["changed a user", "bo", "/users", "disabled true"]],
    [
      "DRAIN_NODE",
      { nodeId: "edge-1", network: "PRODUCTION" },
      ["drained a node", "edge-1 of Production", "/edge-nodes/edge-1", ""],
    ],
    [
      "OPEN_TRUST",
      { edgeCertificateId: 9, openings: ["unbound"] },
      ["let hostnames be guarded less than before", "edge certificate 9", "/edge-certificates", 'openings ["unbound"]'],
    ],
    ["SIGN_OUT", {}, ["signed out", undefined, undefined, ""]],
    ["FROM_THE_FUTURE", { moon: 1 }, ["from the future", undefined, undefined, "moon 1"]],
  ] as const)("%s %j", (action, subject, [what, about, path, more]) => {
    const text = recordText(record(action, subject), names);
    expect([text.what, text.about?.text, text.about?.path, text.more]).toEqual([what, about, path, more]);
    expect(text.refusedFor).toBeUndefined();
  });

  test("a refused deployment names its set by the request, and why", () => {
    const path = "/mtls-edge-truststore/v2/ca-sets/4/versions/2/activate";
    const text = recordText(record("REFUSE_DEPLOYMENT", { method: "POST", path }, "forbidden"), names);
    expect(text).toMatchObject({ about: { text: "partners-eu version 2", path: "/ca-sets/4/versions/2" } });
    expect(text.refusedFor).toBe("Not allowed");
  });

  test("a refused change of how hostnames are guarded leads to them", () => {
    const path = "/mtls-edge-truststore/v2/edge-certificates/9";
    const text = recordText(record("REFUSE_DEPLOYMENT", { method: "DELETE", path }, "forbidden"), names);
    expect(text.about).toEqual({ text: "edge certificate 9", path: "/edge-certificates" });
    expect(text.more).toBe("method DELETE");
  });

  test("another request that was refused is told by its path, without what all paths begin with", () => {
    const path = "/mtls-edge-truststore/v2/edge-nodes/join-tokens";
    const text = recordText(record("REFUSE_DEPLOYMENT", { method: "POST", path, network: "STAGING" }), names);
    expect(text.about).toEqual({ text: "/edge-nodes/join-tokens", path: undefined });
    expect(text.more).toBe("method POST, network Staging");
  });

  test("times are told as the person's clock has them", () => {
    const { more } = recordText(record("CREATE_TOKEN", { tokenId: 3, expiryDate: "2027-02-26T07:08:33.170Z" }), names);
    expect(more).toMatch(/^expiry date .*2027/);
    expect(more).not.toContain("T07:08");
  });

  test("what somebody wrote into the database becomes no address", () => {
    const hostile = "javascript:alert(1)//../..";
    expect(recordText(record("CREATE_CA_SET", { caSetId: hostile }), names).about).toBeUndefined();
    const { about } = recordText(record("DRAIN_NODE", { nodeId: hostile }), names);
    expect(about?.path).toBe(`/edge-nodes/${encodeURIComponent(hostile)}`);
    expect(recordText(record("REFUSE_DEPLOYMENT", { path: hostile }), names).about?.path).toBeUndefined();
  });
});

test("every action that the server records has words", () => {
  const folder = resolve(import.meta.dirname, "../../../control-plane/src");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !path.includes(".test.") && !path.startsWith("testing"),
  );
  const actions = sources.flatMap((path) => {
    const text = readFileSync(join(folder, path), "utf8");
    return [...text.matchAll(/(?:action: |\? |: |type: )"([A-Z]+(?:_[A-Z]+)+)"/g)].map(([, action = ""]) => action);
  });
  const recorded = actions.filter((action) =>
    /^(?:CREATE|CHANGE|REFUSE|REVOKE|ENROL|DRAIN|UNDRAIN|OPEN)_/.test(action),
  );
  expect(recorded.length).toBeGreaterThan(10);
  expect(recorded.filter((action) => !(action in actionWords))).toEqual([]);
  expect(wordsOf("SIGN_IN")).toBe("signed in");
});
