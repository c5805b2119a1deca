import { activation, overview, type RecordedEvent } from "@tcm/api-contract";
import type { TrustOpening } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordEvent } from "../operations/history/record-event.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { staysSilent } from "../testing/fake-node.ts";

const dayMs = 86_400_000;
let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

const look = () => plane.get(overview.strict(), "/overview");
const ends = (days: number) => ({ notAfter: (plane.clock.now() + days * dayMs) / 1_000 });

describe("GET /overview is one look at everything", () => {
  test("of a new installation it is empty", async () => {
    expect(await look()).toEqual({ inForce: [], lastActivations: [], expiringCertificates: [], alarms: [] });
  });

  test("what is in force where, with whose deployment that was, and the last activation of each network", async () => {
    const caSetId = await plane.createVersion([testPki().root("First")]);
    await plane.activateOnBoth(caSetId);
    await plane.createVersion([testPki().root("Second")], {}, caSetId);
    const silent = await plane.connect(plane.localNode("STAGING"), staysSilent);
    const running = await plane.activate(caSetId, 2, "STAGING");
    const seen = await look();
    expect(seen.inForce).toMatchObject([
      { caSetId, network: "PRODUCTION", version: 1, activatedBy: "token-1" },
      { caSetId, network: "STAGING", version: 1, activatedBy: "token-1" },
    ]);
    const asked = await plane.ask("GET", `/${running.activationLink}`);
    expect(seen.lastActivations).toEqual([
      expectStatus(asked, 202, activation),
      expect.objectContaining({ network: "PRODUCTION", activationStatus: "COMPLETE", percentComplete: 100 }),
    ]);
    await plane.ask("POST", `/${running.activationLink}/cancel`);
    expect((await look()).lastActivations[0]).toMatchObject({ activationStatus: "FAILED", percentComplete: 0 });
    await silent.close();
  });

  test("certificates of active versions that end within 90 days, the soonest first, and of no others", async () => {
    const pki = testPki();
    const members = [pki.root("Later", ends(89)), pki.root("Sooner", ends(10)), pki.root("Much later", ends(91))];
    const caSetId = await plane.createVersion(members);
    const names = async () => (await look()).expiringCertificates.map(({ subject, networks }) => [subject, networks]);
    expect(await names()).toEqual([]);
    const nodes = await plane.connectLocalNodes();
    await plane.activateOnBoth(caSetId);
    const both = ["PRODUCTION", "STAGING"];
    expect(await names()).toEqual([
      ["CN=Sooner", both],
      ["CN=Later", both],
    ]);
    plane.clock.advance(11 * dayMs);
    expect((await names()).map(([subject]) => subject)).toEqual(["CN=Sooner", "CN=Later", "CN=Much later"]);
    await Promise.all(nodes.map((node) => node.close()));
  });

  test("alarms of seven days, newest first, however much happened since", async () => {
    const { db } = plane.controlPlane.context.store;
    const at = (daysAgo: number) => new Date(plane.clock.now() - daysAgo * dayMs).toISOString().replace("Z", "000Z");
    const opening: TrustOpening = { hostname: "pay.example", effect: "unbound" };
    const alarm = (edgeCertificateId: number): RecordedEvent => ({
      type: "alarm",
      alarm: "trust-opened",
      edgeCertificateId,
      edgeCertificateLink: "x",
      by: "ann",
      openings: [opening],
      openingCount: 1,
    });
    await recordEvent(db, alarm(1), at(8));
    await recordEvent(db, alarm(2), at(6));
    await recordEvent(db, alarm(3), at(1));
    // The number at which the oldest events go.
    await db
      .insertInto("events")
      .values({ id: 19_999, type: "alarm", data: "{}", at: at(9) })
      .execute();
    const change = { type: "edge-node", nodeId: "a", network: "STAGING", change: "connected" } as const;
    await recordEvent(db, change, at(0));
    const kept = await db.selectFrom("events").select(["type", "at"]).orderBy("id").execute();
    expect(kept.filter(({ type }) => type !== "alarm")).toEqual([{ type: "edge-node", at: at(0) }]);
    expect((await look()).alarms).toEqual([
      { date: at(1), by: "ann", edgeCertificateId: 3, openings: [opening], openingCount: 1 },
      { date: at(6), by: "ann", edgeCertificateId: 2, openings: [opening], openingCount: 1 },
    ]);
  });
});
