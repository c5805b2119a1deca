import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { DeploymentHarness } from "../../testing/deployment-harness.ts";
import { ActiveCertificates } from "./active-certificates.ts";

const pki = testPki();
const from = Date.parse("2030-01-01T00:00:00Z");
const day = 86_400_000;
const ends = (name: string, days: number) => pki.root(name, { notAfter: (from + days * day) / 1_000 });

describe("certificates of the active versions", () => {
  test("are sorted once for the same versions, whatever time is asked for", async () => {
    const harness = await DeploymentHarness.open();
    const { db } = harness.context.store;
    const caSetId = await harness.caSet([ends("Late", 30), ends("Soon", 10), ends("Between", 20)], [ends("Other", 5)]);
    const first = { caSetId, caSetName: "partners", version: 1, networks: ["STAGING"] } as const;
    const second = { ...first, version: 2, networks: ["PRODUCTION"] } as const;
    const certificates = new ActiveCertificates();
    const until = (days: number, versions: readonly (typeof first | typeof second)[]) =>
      certificates.endingUntil(db, versions, from + days * day);
    const subjects = async (...asked: Parameters<typeof until>) =>
      (await until(...asked)).map(({ subject }) => subject);

    expect(await subjects(100, [first])).toEqual(["CN=Soon", "CN=Between", "CN=Late"]);
    expect(await subjects(20, [first])).toEqual(["CN=Soon", "CN=Between"]);
    expect(await subjects(9, [first])).toEqual([]);
    const [[one], [same]] = [await until(100, [first]), await until(10, [{ ...first }])];
    expect(same).toBe(one);
    expect(same).toEqual({
      caSetId: String(caSetId),
      caSetName: "partners",
      version: 1,
      networks: ["STAGING"],
      subject: "CN=Soon",
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      endDate: expect.stringMatching(/^2030-01-11T00:00:00/) as string,
    });

    expect(await subjects(100, [first, second])).toEqual(["CN=Other", "CN=Soon", "CN=Between", "CN=Late"]);
    expect(await subjects(100, [second])).toEqual(["CN=Other"]);
    expect(await subjects(100, [])).toEqual([]);
    const [renamed] = await certificates.endingUntil(db, [{ ...second, caSetName: "suppliers" }], from + 100 * day);
    expect(renamed).toMatchObject({ caSetName: "suppliers", networks: ["PRODUCTION"] });
  });
});
