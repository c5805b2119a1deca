import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { EngineOutcome } from "../edge-engine.ts";
import { caSet, changeSequence } from "../node-tls/edge-under-test.ts";
import { openMemoryEngine } from "./memory-engine.ts";

const root = testPki().root("Root");

describe("a memory engine", () => {
  test("records what it serves and every call", async () => {
    const engine = openMemoryEngine({ network: "STAGING", crypto: nodeCrypto });
    const change = changeSequence().to(caSet([root]));
    await engine.apply(change);
    await engine.verify(change);
    expect(engine.contents.get("ca-set/1")).toBe(change.next);
    expect(engine.calls).toEqual([
      { step: "apply", change },
      { step: "verify", change },
    ]);
  });

  test("can be told to refuse", async () => {
    const refusal: EngineOutcome = { ok: false, code: "engine-refused", detail: "told so" };
    const engine = openMemoryEngine({ network: "STAGING", crypto: nodeCrypto, answer: () => refusal });
    expect(await engine.apply(changeSequence().to(caSet([root])))).toBe(refusal);
    expect(engine.contents.size).toBe(0);
  });

  test("can be told to wait before it goes on", async () => {
    const held = Promise.withResolvers<undefined>();
    const engine = openMemoryEngine({ network: "STAGING", crypto: nodeCrypto, answer: () => held.promise });
    const outcome = engine.apply(changeSequence().to(caSet([root])));
    expect(engine.contents.size).toBe(0);
    held.resolve(undefined);
    expect(await outcome).toMatchObject({ ok: true });
    expect(engine.contents.size).toBe(1);
  });
});
