import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { DeploymentHarness, deadlineMs } from "../../testing/deployment-harness.ts";
import { settleOverdue } from "./settle-overdue.ts";

const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];
const hourMs = 3_600_000;

describe("a clock that is put back during a deployment", () => {
  test("lets it be completed by proof, and the next one go above it", async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    const id = await harness.caSet([a], [b]);
    const begun = await harness.activate(id, 1, "STAGING");
    harness.clock.advance(-hourMs);
    await settleOverdue(harness.context);
    expect((await harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
    await harness.report(node, id, "verified");
    expect((await harness.read(begun)).activationStatus).toBe("COMPLETE");
    const next = await harness.activate(id, 2, "STAGING");
    await harness.report(node, id, "verified");
    expect((await harness.read(next)).activationStatus).toBe("COMPLETE");
    expect(await harness.told(id, "STAGING")).toBe("2@2");
  });

  test("makes it last longer, and it still ends at its deadline", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("s1", "STAGING");
    const begun = await harness.activate(await harness.caSet([a]), 1, "STAGING");
    harness.clock.advance(-hourMs);
    await settleOverdue(harness.context);
    expect((await harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
    harness.clock.advance(hourMs + deadlineMs);
    await settleOverdue(harness.context);
    expect((await harness.read(begun)).activationStatus).toBe("FAILED");
  });
});
