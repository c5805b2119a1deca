import type { NodeIdentity } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { startTestAgent, testControlPlane } from "../testing/test-agent.ts";
import { readCertificate } from "./node-certificate.ts";

/** Half of the certificate's life, as the test PKI makes them, is over then. */
function lateClock(identity: NodeIdentity): () => number {
  const { notBefore, notAfter } = readCertificate(identity) ?? { notBefore: 0, notAfter: 0 };
  return () => notBefore + (notAfter - notBefore) * 0.7;
}

describe("a node renews its certificate", () => {
  test("at half of its life, with a new key, and writes it down before it uses it", async () => {
    const plane = await testControlPlane();
    const saved: NodeIdentity[] = [];
    const clock = lateClock(plane.identity);
    await startTestAgent({ plane, clock, saveIdentity: async (identity) => void saved.push(identity) });
    await plane.until(() => plane.renewals === 1, "a renewal");
    await expect.poll(() => saved.length).toBe(1);
    const [renewed] = saved;
    expect(renewed?.privateKey).not.toBe(plane.identity.privateKey);
    expect(renewed && readCertificate(renewed)).toBeDefined();
    const { certificate, privateKey, ...rest } = plane.identity;
    expect(renewed).toMatchObject(rest);
    expect([certificate, privateKey]).not.toContain(renewed?.certificate);
  });

  test("not before", async () => {
    const plane = await testControlPlane();
    const { messages } = await startTestAgent({ plane });
    await plane.until(() => plane.hellos.length === 1, "the hello");
    plane.say({ type: "ping" });
    await plane.until(() => plane.pongs === 1, "a pong");
    expect(plane.renewals).toBe(0);
    expect(messages()).not.toContain("certificate renewed");
  });

  test("a disk that is full keeps the old one, and says that there is time", async () => {
    const plane = await testControlPlane();
    const { messages, logText } = await startTestAgent({
      plane,
      clock: lateClock(plane.identity),
      saveIdentity: () => Promise.reject(new Error("ENOSPC: no space left on device")),
    });
    await expect.poll(messages).toContain("the certificate could not be renewed yet");
    expect(logText()).toContain("ENOSPC");
    plane.dropSessions();
    await plane.until(() => plane.hellos.length === 2, "a second hello, with the old certificate");
  });
});

describe("a certificate that has run out", () => {
  test("is said with what to do, and what is served is served on", async () => {
    const plane = await testControlPlane();
    const { notAfter = 0 } = readCertificate(plane.identity) ?? {};
    plane.refusal = { code: "certificate-expired", detail: "Join again." };
    const { logText } = await startTestAgent({ plane, clock: () => notAfter + 60_000 });
    await expect.poll(logText).toContain("the certificate of this node has run out");
    expect(logText()).toContain('make a join token with \\"tcm edge token\\"');
    await expect.poll(logText).toContain("certificate-expired. Join again.");
  });
});

describe("a clock that is off", () => {
  test("is said by how much, and disturbs nothing", async () => {
    const plane = await testControlPlane();
    const { logText } = await startTestAgent({ plane, clock: () => Date.now() + 1_800_000 });
    await plane.until(() => plane.hellos.length === 1, "the hello");
    await expect.poll(logText).toContain("the clocks of this node and of the control plane differ");
  });
});

describe("an impersonated control plane", () => {
  test("on the port of the real one learns nothing, and is said", async () => {
    const plane = await testControlPlane();
    const impostor = await testControlPlane();
    const { controlPlaneUrl } = impostor.identity;
    const { logText } = await startTestAgent({ plane, identity: { ...plane.identity, controlPlaneUrl } });
    await expect.poll(logText).toContain("its certificate is by another CA. Nothing was told to it");
    expect(impostor.hellos).toEqual([]);
    expect(plane.hellos).toEqual([]);
  });
});
