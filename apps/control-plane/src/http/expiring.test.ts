import { expiringCertificateList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

const ends = (days: number) => ({ notAfter: (plane.clock.now() + days * 86_400_000) / 1_000 });

describe("GET /certificates/expiring", () => {
  const ask = (query = "") => plane.ask("GET", `/certificates/expiring${query}`);
  const listed = async (query?: string) => expectStatus(await ask(query), 200, expiringCertificateList).certificates;

  test("tells of every active version at once, the soonest first, and each with what names it", async () => {
    const pki = testPki();
    const [shared, own] = [pki.root("Ends in 40 days", ends(40)), pki.root("Ends in 20 days", ends(20))];
    const first = await plane.createVersion([shared]);
    await plane.activateOnBoth(first);
    const second = await plane.createVersion([shared, own, pki.root("Ends in 200 days", ends(200))]);
    await plane.ended(await plane.activate(second, 1, "STAGING"));
    const [soonest, ...others] = await listed();
    expect(soonest).toEqual({
      caSetId: second,
      caSetName: expect.any(String),
      version: 1,
      networks: ["STAGING"],
      subject: "CN=Ends in 20 days",
      issuer: "CN=Ends in 20 days",
      serialNumber: expect.stringMatching(/^[0-9a-f]+$/),
      fingerprint: own.certificate.fingerprint,
      startDate: expect.any(String),
      endDate: expect.any(String),
    });
    expect(others.map(({ caSetId, networks, subject }) => [caSetId, networks, subject])).toEqual([
      [first, ["PRODUCTION", "STAGING"], "CN=Ends in 40 days"],
      [second, ["STAGING"], "CN=Ends in 40 days"],
    ]);
    const subjects = async (query: string) => (await listed(query)).map(({ subject }) => subject);
    expect(await subjects("?expiryThresholdInDays=20")).toEqual(["CN=Ends in 20 days"]);
    expect(await subjects("?expiryThresholdInDays=19")).toEqual([]);
    expect(await subjects("?expiryThresholdInDays=201")).toHaveLength(4);
  });

  test("reads on where there are more than it reads at a time", async () => {
    const pki = testPki();
    const members = Array.from({ length: 300 }, (_, i) => pki.root(`Many ${i}`, ends(50)));
    for (const half of [members, members.slice(1, 300)]) {
      const caSetId = await plane.createVersion(half);
      await plane.ended(await plane.activate(caSetId, 1, "STAGING"));
    }
    expect((await listed()).filter(({ subject }) => subject.startsWith("CN=Many "))).toHaveLength(599);
  });

  test.each(["-1", "x", "36501", ""])("refuses %j days", async (days) => {
    expect(refusal(await ask(`?expiryThresholdInDays=${days}`))).toEqual([400, "invalid-field"]);
  });
});
