import { describe, expect, test } from "vitest";
import { binding, caSet, openTestEdge, pki, send } from "../node-tls/edge-under-test.ts";
import type { SeenHandshake } from "./handshake-table.ts";

const kept = pki.root("Kept Root");
const partner = pki.root("Partner Root");
const stranger = pki.root("Stranger Root");
const keptClient = kept.leaf("kept");
const partnerClient = partner.leaf("partner");

async function edgeThatTells(clock: () => number = Date.now) {
  const told: SeenHandshake[] = [];
  const edge = await openTestEdge({ clock, onHandshake: (seen) => told.push(seen) });
  const last = () => told.at(-1);
  return { ...edge, told, last };
}

describe("the built-in edge tells of every handshake", () => {
  test("who was accepted, by which anchor of which version and generation", async () => {
    const edge = await edgeThatTells();
    await edge.deploy(caSet([kept, partner], 3));
    await edge.deploy(binding(["shop.example"]));
    expect((await send(edge, { client: partnerClient })).status).toBe(200);
    expect(edge.last()).toMatchObject({
      kind: { caSetId: "1", version: 3, generation: { epoch: 1, number: 1 }, outcome: "accepted", reason: "" },
      client: { fingerprint: partnerClient.fingerprint, notAfter: partnerClient.certificate.notAfter },
    });
    expect(edge.last()?.kind.anchor).toBe(partner.fingerprint);
  });

  test("a client of a CA that the served generation removed is told from a stranger", async () => {
    const edge = await edgeThatTells();
    await edge.deploy(caSet([kept, partner], 1));
    await edge.deploy(binding(["shop.example"]));
    await edge.deploy(caSet([kept], 2));
    const removal = { caSetId: "1", version: 2, generation: { epoch: 1, number: 3 } };

    await send(edge, { client: partnerClient });
    expect(edge.last()?.kind).toEqual({
      ...removal,
      anchor: partner.fingerprint,
      outcome: "removed-anchor",
      reason: "issuer-not-found",
    });
    await send(edge, { client: stranger.leaf("nobody") });
    expect(edge.last()?.kind).toEqual({ ...removal, anchor: "", outcome: "refused", reason: "issuer-not-found" });
    await send(edge);
    expect(edge.last()?.kind).toMatchObject({ outcome: "refused", reason: "client-certificate-missing" });
    await send(edge, { client: keptClient });
    expect(edge.last()?.kind).toMatchObject({ outcome: "accepted", anchor: kept.fingerprint });
  });

  test("it stays that when the same version comes as another generation", async () => {
    const edge = await edgeThatTells();
    await edge.deploy(caSet([kept, partner], 1));
    await edge.deploy(binding(["shop.example"]));
    await edge.deploy(caSet([kept], 2));
    await edge.deploy(caSet([kept], 2));
    await send(edge, { client: partnerClient });
    expect(edge.last()?.kind).toMatchObject({
      version: 2,
      generation: { epoch: 1, number: 4 },
      outcome: "removed-anchor",
      anchor: partner.fingerprint,
    });
    await edge.deploy(caSet([kept], 3));
    await send(edge, { client: partnerClient });
    expect(edge.last()?.kind).toMatchObject({ version: 3, outcome: "refused", anchor: "" });
  });

  test("one whose certificate the removed CA would have refused too is a stranger", async () => {
    const edge = await edgeThatTells();
    await edge.deploy(caSet([kept, partner], 1));
    await edge.deploy(binding(["shop.example"]));
    await edge.deploy(caSet([kept], 2));
    const sameName = pki.root("Partner Root").leaf("forged");
    await send(edge, { client: sameName });
    expect(edge.last()?.kind).toMatchObject({ outcome: "refused", anchor: "" });
  });

  test("when strangers under the name of the removed CA leave no time to judge, one is refused and named all the same", async () => {
    const now = Date.now();
    const edge = await edgeThatTells(() => now);
    await edge.deploy(caSet([kept, partner], 1));
    await edge.deploy(binding(["shop.example"]));
    await edge.deploy(caSet([kept], 2));
    const forged = pki.root("Partner Root").leaf("forged");
    for (let i = 0; i < 100; i++) await send(edge, { client: forged });
    expect(edge.last()).toMatchObject({ kind: { outcome: "refused" } });
    expect(edge.last()).not.toHaveProperty("isNotJudged");
    await send(edge, { client: partnerClient });
    expect(edge.last()).toMatchObject({
      kind: { outcome: "refused", anchor: "" },
      client: { fingerprint: partnerClient.fingerprint },
      isNotJudged: true,
    });
  });

  test("what came back is accepted, and what the next generation leaves alone is not called removed by it", async () => {
    const edge = await edgeThatTells();
    await edge.deploy(binding(["shop.example"]));
    await edge.deploy(caSet([kept, partner], 1));
    await edge.deploy(caSet([kept], 2));
    await edge.deploy(caSet([kept, stranger], 3));
    await send(edge, { client: partnerClient });
    expect(edge.last()?.kind).toMatchObject({ version: 3, outcome: "refused", anchor: "" });
    await edge.deploy(caSet([kept, partner], 1));
    await send(edge, { client: partnerClient });
    expect(edge.last()?.kind).toMatchObject({ version: 1, outcome: "accepted", anchor: partner.fingerprint });
  });
});
