import { testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ValidationQuestion } from "./validation-answer.ts";
import { defaultPoolOptions, type PoolOptions, ValidationPool } from "./validation-pool.ts";

const pki = testPki();
const roots = Array.from({ length: 12 }, (_, i) => pki.root(`Root ${i}`));
const options = { requireRootCertificate: true, allowInsecureSha1: false, allowDuplicateCommonNames: false };
const question = (pem: string): ValidationQuestion => ({
  certificates: [{ certificatePem: pem }],
  options,
  occasion: "validate",
  now: pki.now,
});

function pool(changes: Partial<PoolOptions> = {}) {
  const opened = new ValidationPool({ ...defaultPoolOptions, ...changes });
  onTestFinished(() => opened.close());
  return opened;
}

describe("validations are answered off the event loop", () => {
  test("each with its own answer, in turn", async () => {
    const validation = pool();
    const answers = await Promise.all(roots.map(({ pem }) => validation.ask(question(pem))));
    expect(answers.map((answer) => answer !== "busy" && answer.entries[0]?.facts.fingerprint)).toEqual(
      roots.map(({ fingerprint }) => fingerprint),
    );
  });

  test("when too many wait, one more is told so at once, and the others are still answered", async () => {
    const validation = pool({ maxWaiting: 2 });
    const answers = await Promise.all(roots.slice(0, 5).map(({ pem }) => validation.ask(question(pem))));
    expect(answers.map((answer) => answer === "busy")).toEqual([false, false, false, true, true]);
    expect(await validation.ask(question(roots[0]?.pem ?? ""))).not.toBe("busy");
  });

  test("what takes too long is given up", async () => {
    // A thread needs more than a millisecond to begin with, and timers come before messages.
    const validation = pool({ timeoutMs: 1 });
    const outcomes = await Promise.allSettled(roots.slice(0, 3).map(({ pem }) => validation.ask(question(pem))));
    const reason = new Error("validation took too long");
    expect(outcomes).toEqual(outcomes.map(() => ({ status: "rejected", reason })));
  });

  test("whenever one is given up, no answer is taken for that of another question", async () => {
    for (const timeoutMs of [150, 250, 350]) {
      const validation = pool({ timeoutMs });
      const outcomes = await Promise.allSettled(roots.slice(0, 6).map(({ pem }) => validation.ask(question(pem))));
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.status === "rejected")
          expect(outcome.reason).toMatchObject({ message: "validation took too long" });
        else
          expect(outcome.value !== "busy" && outcome.value.entries[0]?.facts.fingerprint).toBe(roots[i]?.fingerprint);
      }
    }
  });

  test("what waits when the pool closes is told, and so is what comes later", async () => {
    const validation = pool();
    const waiting = roots.map(({ pem }) => validation.ask(question(pem)));
    const settled = Promise.allSettled(waiting);
    await validation.close();
    expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
    await expect(validation.ask(question(""))).rejects.toThrow("stopping");
  });
});
