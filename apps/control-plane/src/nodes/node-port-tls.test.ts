import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

let plane: ControlPlaneHarness;
beforeAll(async () => {
  const nodes = { nodeHosts: ["control.example", "192.0.2.7"] };
  plane = await ControlPlaneHarness.start({ heartbeatIntervalMs: 250, nodes });
});
afterAll(() => plane.remove());

async function shown(): Promise<X509Certificate> {
  const { hostname, port } = new URL(plane.controlPlane.nodeUrl);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect");
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error("no certificate");
  return certificate;
}

describe("the certificate of the node port", () => {
  test("names what nodes connect to, and this machine", async () => {
    const { subjectAltName } = await shown();
    for (const name of ["DNS:control.example", "IP Address:192.0.2.7", "DNS:localhost", "IP Address:127.0.0.1"])
      expect(subjectAltName).toContain(name);
  });

  test("is replaced by itself at half of its life, by the same CA, and open sessions do not notice", async () => {
    const node = await plane.connect(await plane.enrol("watching", "STAGING", 60 * 86_400_000));
    const before = await shown();
    plane.clock.advance(14 * 86_400_000);
    expect((await shown()).fingerprint256).toBe(before.fingerprint256);
    plane.clock.advance(2 * 86_400_000);
    await expect.poll(async () => (await shown()).fingerprint256).not.toBe(before.fingerprint256);
    expect((await shown()).issuer).toBe(before.issuer);
    expect(node.goodbye).toBeUndefined();
    await (await plane.connect(await plane.enrol("later", "STAGING"))).close();
  });
});
