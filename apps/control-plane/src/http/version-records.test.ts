import { activityList, caSet, version, versionCertificateList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeDeleted } from "../operations/ca-sets/remove-deleted.ts";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, certificateList, expectStatus } from "../testing/control-plane-harness.ts";

const pki = testPki();
const root = pki.root("Records Root");
const day = 86_400;
const endsIn = (days: number) => pki.root(`Ends in ${days}`, { notAfter: pki.now + days * day });

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

describe("DELETE /ca-sets/{id}/versions/{v}", () => {
  test("answers 204; the version is kept as DELETED for 30 days and can only be looked at", async () => {
    const id = await plane.createVersion([root]);
    const answer = await plane.ask("DELETE", `/ca-sets/${id}/versions/1`);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    const now = plane.clock.now();
    expect(await plane.get(version, `/ca-sets/${id}/versions/1`)).toMatchObject({
      caSetVersionStatus: "DELETED",
      removalDate: new Date(now + 30 * day * 1000).toISOString().replace("Z", "000Z"),
    });
    expect((await plane.ask("GET", `/ca-sets/${id}/versions`)).body).toEqual({ versions: [] });
    const all = await plane.ask("GET", `/ca-sets/${id}/versions?caSetVersionStatus=NOT_DELETED%2CDELETED`);
    expect(all.body).toMatchObject({ versions: [{ version: 1 }] });
    for (const [method, path] of [
      ["DELETE", ""],
      ["POST", "/clone"],
    ] as const) {
      const refused = await plane.ask(method, `/ca-sets/${id}/versions/1${path}`);
      expect(refusal(refused)).toEqual([404, "ca-set-version-not-found"]);
    }
    const activate = await plane.ask("POST", `/ca-sets/${id}/versions/1/activate`, { body: { network: "STAGING" } });
    expect(refusal(activate)).toEqual([404, "ca-set-version-not-found"]);
    const put = await plane.ask("PUT", `/ca-sets/${id}/versions/1`, {
      body: { certificates: certificateList([root]) },
    });
    expect(refusal(put)).toEqual([404, "ca-set-version-not-found"]);
  });

  test("does not give its number again, and allows the same content once more", async () => {
    const id = await plane.createVersion([root]);
    await plane.ask("DELETE", `/ca-sets/${id}/versions/1`);
    await plane.createVersion([root], {}, id);
    expect(await plane.get(caSet, `/ca-sets/${id}`)).toMatchObject({ latestVersion: 2 });
  });

  test("is refused for a version that is active, and allowed once it is not", async () => {
    const id = await plane.createVersion([root]);
    await plane.ended(await plane.activate(id, 1, "STAGING"));
    const refused = await plane.ask("DELETE", `/ca-sets/${id}/versions/1`);
    expect(refusal(refused)).toEqual([422, "ca-set-version-is-active"]);
    expect(problemOf(refused).contextInfo).toMatchObject({ caSetId: id, version: 1 });
    const off = await plane.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network: "STAGING" } });
    await plane.ended(off.body as { activationLink: string });
    expect((await plane.ask("DELETE", `/ca-sets/${id}/versions/1`)).status).toBe(204);
  });

  test("ends with the removal of the version 30 days later", async () => {
    const id = await plane.createVersion([root]);
    await plane.ask("DELETE", `/ca-sets/${id}/versions/1`);
    plane.clock.advance(30 * day * 1000);
    await removeDeleted(plane.controlPlane.context);
    const gone = await plane.ask("GET", `/ca-sets/${id}/versions/1`);
    expect(refusal(gone)).toEqual([404, "ca-set-version-not-found"]);
    const { activities } = await plane.get(activityList, `/ca-sets/${id}/activities`);
    expect(activities.map(({ type }) => type)).toEqual([
      "REMOVE_CA_SET_VERSION",
      "DELETE_CA_SET_VERSION",
      "CREATE_CA_SET_VERSION",
      "CREATE_CA_SET",
    ]);
  });
});

describe("GET /ca-sets/{id}/versions/{v}/certificates", () => {
  let id: string;
  let commonNames: (query: string) => Promise<readonly string[]>;
  let refused: (query: string) => Promise<readonly [number, string]>;

  beforeAll(async () => {
    plane.clock.set("2026-06-01T00:00:00Z");
    id = await plane.createVersion([endsIn(5), endsIn(20), endsIn(100), endsIn(400)]);
    plane.clock.advance(50 * day * 1000);
    commonNames = async (query) => {
      const list = await plane.get(versionCertificateList, `/ca-sets/${id}/versions/1/certificates${query}`);
      return list.certificates.map(({ subject }) => subject);
    };
    refused = async (query) => refusal(await plane.ask("GET", `/ca-sets/${id}/versions/1/certificates${query}`));
  });

  const at = (days: number): string =>
    encodeURIComponent(new Date(Date.parse("2026-06-01T00:00:00Z") + days * day * 1000).toISOString());

  test("answers set, version and every certificate in the order submitted", async () => {
    const answer = await plane.ask("GET", `/ca-sets/${id}/versions/1/certificates`);
    expect(answer.body).toMatchObject({ caSetId: id, version: 1, certificates: { length: 4 } });
    expect(Object.keys(answer.body as object).sort()).toEqual(["caSetId", "caSetName", "certificates", "version"]);
  });

  test.each([
    ["?certificateStatus=EXPIRED", [5, 20]],
    ["?certificateStatus=ACTIVE", [100, 400]],
    ["?certificateStatus=ACTIVE%2CEXPIRED", [5, 20, 100, 400]],
    ["?certificateStatus=EXPIRED,ACTIVE", [5, 20, 100, 400]],
    ["?certificateStatus=EXPIRING", []],
    ["?certificateStatus=EXPIRING&expiryThresholdInDays=50", [100]],
    ["?certificateStatus=EXPIRING&expiryThresholdInDays=49", []],
    ["?certificateStatus=EXPIRED&expiryThresholdInDays=30", [20]],
    ["?certificateStatus=EXPIRED&expiryThresholdInDays=29", []],
    ["?certificateStatus=EXPIRING%2CEXPIRED&expiryThresholdInDays=60", [5, 20, 100]],
    [`?certificateStatus=EXPIRING&expiryThresholdTimestamp=${at(100)}`, [100]],
    [`?certificateStatus=EXPIRING&expiryThresholdTimestamp=${at(99)}`, []],
    [`?certificateStatus=EXPIRED&expiryThresholdTimestamp=${at(20)}`, [20]],
    [`?certificateStatus=EXPIRED&expiryThresholdTimestamp=${at(1)}`, [5, 20]],
  ])("filters by expiry: %s", async (query, days) => {
    expect(await commonNames(query)).toEqual(days.map((end) => `CN=Ends in ${end}`));
  });

  test.each([
    ["?certificateStatus=ACTIVE%2CEXPIRING", "invalid-field"],
    ["?certificateStatus=active", "invalid-field"],
    ["?expiryThresholdInDays=3", "missing-required-query-parameter"],
    [`?expiryThresholdTimestamp=${at(100)}`, "missing-required-query-parameter"],
    ["?certificateStatus=ACTIVE&expiryThresholdInDays=3", "invalid-field"],
    ["?certificateStatus=EXPIRING&expiryThresholdInDays=-3", "invalid-field"],
    ["?certificateStatus=EXPIRING&expiryThresholdInDays=99999", "invalid-field"],
    [`?certificateStatus=ACTIVE&expiryThresholdTimestamp=${at(100)}`, "invalid-field"],
    [`?certificateStatus=EXPIRING%2CEXPIRED&expiryThresholdTimestamp=${at(100)}`, "invalid-field"],
    [`?certificateStatus=EXPIRING&expiryThresholdInDays=3&expiryThresholdTimestamp=${at(100)}`, "invalid-field"],
    [`?certificateStatus=EXPIRING&expiryThresholdTimestamp=${at(49)}`, "invalid-field"],
    [`?certificateStatus=EXPIRED&expiryThresholdTimestamp=${at(51)}`, "invalid-field"],
    ["?certificateStatus=EXPIRED&expiryThresholdTimestamp=yesterday", "invalid-field"],
    ["?certificateStatus=EXPIRED&expiryThresholdTimestamp=2026-13-01T00:00:00Z", "invalid-field"],
    ["?status=EXPIRED", "unknown-query-parameters"],
  ])("refuses what does not go together: %s", async (query, slug) => {
    expect(await refused(query)).toEqual([400, slug]);
  });

  test("names the parameter that is missing", async () => {
    const answer = await plane.ask("GET", `/ca-sets/${id}/versions/1/certificates?expiryThresholdInDays=3`);
    expect(problemOf(answer).contextInfo).toEqual({ parameterName: "certificateStatus" });
  });

  test("answers 404 for an unknown version", async () => {
    const answer = await plane.ask("GET", `/ca-sets/${id}/versions/7/certificates`);
    expect(refusal(answer)).toEqual([404, "ca-set-version-not-found"]);
  });
});

describe("POST /ca-sets/{id}/clone", () => {
  const clone = (id: string, caSetName: string, query = "") =>
    plane.ask("POST", `/ca-sets/${id}/clone${query}`, { body: { caSetName, description: null } });

  test("makes a new set whose version 1 equals the latest version, inactive, and tells what is left of the limits", async () => {
    plane.clock.set("2026-06-01T00:00:00Z");
    const id = await plane.createVersion([root], { description: "first" });
    await plane.ended(await plane.activate(id, 1, "STAGING"));
    await plane.createVersion([root, endsIn(300)], { description: "second" }, id);
    const name = plane.newName();
    const answer = await clone(id, name);
    const set = expectStatus(answer, 201, caSet.strict());
    expect(set).toMatchObject({
      caSetName: name,
      description: null,
      latestVersion: 1,
      stagingVersion: null,
      caSetNameIsEditable: true,
    });
    expect(answer.headers).toMatchObject({
      location: set.caSetLink,
      "x-limit-ca-sets-limit": "200",
      "x-limit-ca-set-versions-limit": "100",
      "x-limit-ca-set-versions-remaining": "99",
    });
    expect(Number(answer.headers["x-limit-ca-sets-remaining"])).toBeLessThan(200);
    const copy = await plane.get(version, `/ca-sets/${set.caSetId}/versions/1`);
    expect(copy).toMatchObject({ description: "second", stagingStatus: "INACTIVE", certificates: { length: 2 } });
    // A copy is as free to be edited as a new version.
    const body = { certificates: certificateList([root]) };
    expect((await plane.ask("PUT", `/ca-sets/${set.caSetId}/versions/1`, { body })).status).toBe(200);
    const earlier = expectStatus(await clone(id, plane.newName(), "?cloneFromVersion=1"), 201, caSet);
    const older = await plane.get(version, `/ca-sets/${earlier.caSetId}/versions/1`);
    expect(older.description).toBe("first");
  });

  test("refuses a set without versions, an unknown version, a name in use and a bad number", async () => {
    const { caSetId: empty } = await plane.createSet();
    const answer = await clone(empty, plane.newName());
    expect(refusal(answer)).toEqual([400, "missing-caset-version"]);
    expect(problemOf(answer).contextInfo).toEqual({ caSetId: empty, caSetName: expect.any(String) as string });
    const id = await plane.createVersion([root]);
    const { caSetName } = await plane.get(caSet, `/ca-sets/${id}`);
    expect(refusal(await clone(id, plane.newName(), "?cloneFromVersion=9"))).toEqual([404, "ca-set-version-not-found"]);
    expect(refusal(await clone(id, plane.newName(), "?cloneFromVersion=0"))).toEqual([400, "invalid-field"]);
    expect(refusal(await clone(id, caSetName))).toEqual([409, "ca-set-name-is-not-unique"]);
    expect(refusal(await clone(id, "a...b"))).toEqual([400, "ca-set-name-validation-failure"]);
    expect(refusal(await clone("999999", plane.newName()))).toEqual([404, "ca-set-not-found"]);
  });
});

describe("GET /ca-sets/{id}/activities", () => {
  test("answers newest first, and those between start and end, both inclusive", async () => {
    plane.clock.set("2026-08-01T00:00:00Z");
    const id = (await plane.createSet()).caSetId;
    plane.clock.advance(60_000);
    await plane.createVersion([root], {}, id);
    plane.clock.advance(60_000);
    await plane.ended(await plane.activate(id, 1, "PRODUCTION"));
    const answer = await plane.ask("GET", `/ca-sets/${id}/activities`);
    const { activities, ...set } = activityList.strict().parse(answer.body);
    expect(set).toEqual({
      caSetId: id,
      caSetLink: `/mtls-edge-truststore/v2/ca-sets/${id}`,
      caSetName: expect.any(String) as string,
      caSetStatus: "NOT_DELETED",
      createdDate: "2026-08-01T00:00:00.000000Z",
      createdBy: "token-1",
      deletedDate: null,
      deletedBy: null,
    });
    const by = { activityBy: "token-1" };
    expect(activities).toEqual([
      {
        type: "ACTIVATE_CA_SET_VERSION",
        network: "PRODUCTION",
        version: 1,
        activityDate: "2026-08-01T00:02:00.000000Z",
        ...by,
      },
      { type: "CREATE_CA_SET_VERSION", network: null, version: 1, activityDate: "2026-08-01T00:01:00.000000Z", ...by },
      { type: "CREATE_CA_SET", network: null, version: null, activityDate: "2026-08-01T00:00:00.000000Z", ...by },
    ]);
    const types = async (query: string) =>
      (await plane.get(activityList, `/ca-sets/${id}/activities${query}`)).activities.map(({ type }) => type);
    const one = "2026-08-01T00:01:00Z";
    expect(await types(`?start=${one}&end=${one}`)).toEqual(["CREATE_CA_SET_VERSION"]);
    expect(await types(`?start=2026-08-01T02:01:00.000001%2B02:00`)).toEqual(["ACTIVATE_CA_SET_VERSION"]);
    expect(await types(`?end=2026-08-01T00:00:59.999999Z`)).toEqual(["CREATE_CA_SET"]);
  });

  test("refuses what is no instant", async () => {
    const { caSetId } = await plane.createSet();
    for (const query of ["?start=today", "?end=2026-08-01", "?start=2026-02-31T99:00:00Z"])
      expect(refusal(await plane.ask("GET", `/ca-sets/${caSetId}/activities${query}`))).toEqual([400, "invalid-field"]);
    expect(refusal(await plane.ask("GET", "/ca-sets/999999/activities"))).toEqual([404, "ca-set-not-found"]);
  });
});

describe("GET /ca-sets/{id}/associations", () => {
  test("shows edge certificates as enrollments; a side that was not asked for is null, and no association is an empty list", async () => {
    const id = await plane.createVersion([root]);
    const ask = async (query: string) => (await plane.ask("GET", `/ca-sets/${id}/associations${query}`)).body;
    expect(await ask("")).toEqual({ associations: { properties: [], enrollments: [] } });
    await plane.activateOnBoth(id);
    const hostnames = ["b.associations.example", "a.associations.example"];
    const bound = await plane.ask("POST", "/edge-certificates", {
      body: { hostnames, clientAuthentication: { caSetId: id } },
    });
    const { edgeCertificateId, edgeCertificateLink } = bound.body as Record<string, unknown>;
    const enrollment = {
      enrollmentId: edgeCertificateId,
      enrollmentLink: edgeCertificateLink,
      cn: "a.associations.example",
      stagingSlots: [],
      productionSlots: [],
    };
    expect(await ask("")).toEqual({ associations: { properties: [], enrollments: [enrollment] } });
    expect(await ask("?associationType=enrollments")).toEqual({
      associations: { properties: null, enrollments: [enrollment] },
    });
    expect(await ask("?associationType=properties")).toEqual({ associations: { properties: [], enrollments: null } });
    const bad = await plane.ask("GET", `/ca-sets/${id}/associations?associationType=slots`);
    expect(refusal(bad)).toEqual([400, "invalid-field"]);
    expect(refusal(await plane.ask("GET", "/ca-sets/999999/associations"))).toEqual([404, "ca-set-not-found"]);
  });
});

describe("PATCH /ca-sets/{id} under If-Match", () => {
  test("notices that somebody else was there in between", async () => {
    const { caSetId, caSetName } = await plane.createSet();
    const { etag } = (await plane.ask("GET", `/ca-sets/${caSetId}`)).headers;
    const rename = (name: string) =>
      plane.ask("PATCH", `/ca-sets/${caSetId}`, { body: { caSetName: name }, headers: { "if-match": etag } });
    const first = await rename(`${caSetName}-a`);
    expect([first.status, first.headers.etag === etag]).toEqual([200, false]);
    expect(refusal(await rename(`${caSetName}-b`))).toEqual([412, "precondition-failed"]);
    const fresh = (await plane.ask("GET", `/ca-sets/${caSetId}`)).headers.etag;
    expect(fresh).toBe(first.headers.etag);
  });
});
