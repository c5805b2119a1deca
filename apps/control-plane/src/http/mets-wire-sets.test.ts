import { networks } from "@tcm/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settleDeletions } from "../operations/ca-sets/settle-deletion.ts";
import {
  by,
  etag,
  item,
  link,
  noSet,
  noVersion,
  now,
  problem,
  setsLeft,
  text,
  quota,
} from "../testing/mets-answers.ts";
import { base, caSetObject } from "../testing/mets-objects.ts";
import { MetsWire } from "../testing/mets-wire.ts";

let wire: MetsWire;
beforeAll(async () => (wire = await MetsWire.open()));
afterAll(() => wire.close());

describe("sets on the wire", () => {
  test("1. POST /ca-sets", async () => {
    const caSetName = "wire-create";
    const sent = { body: { caSetName, description: "for the wire" } };
    const made = await wire.plane.ask("GET", "/ca-sets");
    const caSetId = String((made.body as { caSets: unknown[] }).caSets.length + 1);
    const body = caSetObject({ caSetId, caSetName }, now, by, { description: "for the wire" });
    const headers = { location: `${base}/ca-sets/${caSetId}`, etag, ...quota(setsLeft, 100) };
    await wire.call("POST", "/ca-sets", sent, { status: 201, headers, body });
    const taken = item("ca-set-name-is-not-unique", "/caSetName");
    const info = { accountId: "A-TCM", caSetName };
    await wire.call("POST", "/ca-sets", sent, problem("ca-set-name-is-not-unique", info, { errors: [taken] }));
    const json = { "content-type": "application/json" };
    await wire.call("POST", "/ca-sets", { raw: "{", headers: json }, problem("invalid-json"));
    const media = { allowedMediaTypes: ["application/json"], unsupportedMediaType: "text/xml" };
    const xml = { raw: "<a/>", headers: { "content-type": "text/xml" } };
    await wire.call("POST", "/ca-sets", xml, problem("media-type-not-supported", media));
    const full = problem("ca-set-limit-reached", { accountId: "A-TCM", currentSetCount: 1, limit: 1 });
    await wire.call("POST", "/ca-sets", { body: { caSetName: "one-more" } }, full, wire.small);
  });

  test("2. and 3. GET /ca-sets and GET /ca-sets/{id}", async () => {
    const [first, second] = [await wire.newSet(), await wire.newSet()];
    const { caSets } = (await wire.plane.ask("GET", "/ca-sets")).body as { caSets: { caSetId: string }[] };
    const body = { caSets: [second, first].map((set) => caSetObject(set, now, by)) };
    expect(caSets.slice(0, 2)).toEqual(body.caSets);
    const query = `caSetNamePrefix=${second.caSetName}&activatedOn=INACTIVE&caSetStatus=NOT_DELETED%2CDELETED`;
    await wire.call("GET", `/ca-sets?${query}`, {}, { status: 200, body: { caSets: [caSetObject(second, now, by)] } });
    const unknown = {
      allowedQueryParameters: ["accountSwitchKey", "caSetNamePrefix", "activatedOn", "caSetStatus"],
      parameters: ["page"],
    };
    await wire.call("GET", "/ca-sets?page=2", {}, problem("unknown-query-parameters", unknown));
    const read = { status: 200, headers: { etag }, body: caSetObject(first, now, by) };
    await wire.call("GET", `/ca-sets/${first.caSetId}`, {}, read);
    await wire.call("GET", "/ca-sets/999999", {}, noSet);
  });

  test("6. and 7. GET …/activities and GET …/associations", async () => {
    const set = await wire.newVersion();
    const entry = { network: null, activityDate: now, activityBy: by };
    const activities = [
      { ...entry, type: "CREATE_CA_SET_VERSION", version: 1 },
      { ...entry, type: "CREATE_CA_SET", version: null },
    ];
    const body = {
      ...set,
      caSetLink: link(set),
      caSetStatus: "NOT_DELETED",
      createdDate: now,
      createdBy: by,
      deletedDate: null,
      deletedBy: null,
      activities,
    };
    await wire.call("GET", `/ca-sets/${set.caSetId}/activities`, {}, { status: 200, body });
    await wire.call("GET", "/ca-sets/999999/activities", {}, noSet);
    const path = `/ca-sets/${set.caSetId}/associations`;
    const sides = [
      ["", [], []],
      ["?associationType=properties", [], null],
      ["?associationType=enrollments", null, []],
    ] as const;
    for (const [query, properties, enrollments] of sides) {
      const associations = { properties, enrollments };
      await wire.call("GET", path + query, {}, { status: 200, body: { associations } });
    }
    await wire.call("GET", "/ca-sets/999999/associations", {}, noSet);
  });

  test("8. POST …/clone", async () => {
    const set = await wire.newVersion();
    const caSetName = wire.plane.newName();
    const path = `/ca-sets/${set.caSetId}/clone`;
    const caSetId = String(Number(set.caSetId) + 1);
    const versionOne = { latestVersion: 1, latestVersionLink: `${base}/ca-sets/${caSetId}/versions/1` };
    const body = caSetObject({ caSetId, caSetName }, now, by, versionOne);
    const headers = { location: `${base}/ca-sets/${caSetId}`, ...quota(setsLeft, 99) };
    const sent = { body: { caSetName, description: null } };
    await wire.call("POST", path, sent, { status: 201, headers, body });
    const taken = item("ca-set-name-is-not-unique", "/caSetName");
    const info = { accountId: "A-TCM", caSetName };
    await wire.call("POST", path, sent, problem("ca-set-name-is-not-unique", info, { errors: [taken] }));
    const next = { body: { caSetName: wire.plane.newName() } };
    await wire.call("POST", "/ca-sets/999999/clone", next, noSet);
    await wire.call("POST", `${path}?cloneFromVersion=9`, next, noVersion(set));
    const empty = await wire.newSet();
    await wire.call("POST", `/ca-sets/${empty.caSetId}/clone`, next, problem("missing-caset-version", empty));
    const full = problem("ca-set-limit-reached", { accountId: "A-TCM", currentSetCount: 1, limit: 1 });
    await wire.call("POST", "/ca-sets/1/clone", next, full, wire.small);
  });

  test("a set in use is neither deactivated nor deleted, and its users are told", async () => {
    const set = await wire.newVersion();
    for (const network of networks) await wire.change(set, "activate", network);
    const body = { hostnames: ["wire.example"], clientAuthentication: { caSetId: set.caSetId } };
    const bound = await wire.plane.ask("POST", "/edge-certificates", { body });
    const { edgeCertificateId: enrollmentId } = bound.body as { edgeCertificateId: number };
    const enrollmentLink = `${base}/edge-certificates/${enrollmentId}`;
    const slots = { stagingSlots: [], productionSlots: [] };
    const enrollments = [{ cn: "wire.example", enrollmentId, enrollmentLink, ...slots }];
    const path = `/ca-sets/${set.caSetId}`;
    const listed = { associations: { properties: [], enrollments } };
    await wire.call("GET", `${path}/associations`, {}, { status: 200, body: listed });
    const info = { ...set, associations: { properties: [], enrollments } };
    await wire.call("DELETE", path, {}, problem("ca-set-in-use-by-enrollments", info));
    const off = problem("ca-set-in-use-by-enrollments", { ...info, network: "STAGING" });
    await wire.call("POST", `${path}/versions/1/deactivate`, { body: { network: "STAGING" } }, off);
  });

  test("4. and 5. DELETE /ca-sets/{id} and GET …/status/delete", async () => {
    const set = await wire.newVersion();
    const path = `/ca-sets/${set.caSetId}`;
    await wire.call("GET", `${path}/status/delete`, {}, problem("no-active-cert-deletions", { caSetId: set.caSetId }));
    await wire.call("GET", "/ca-sets/999999/status/delete", {}, noSet);
    await wire.call("DELETE", "/ca-sets/999999", {}, noSet);
    const forced = { allowedQueryParameters: ["accountSwitchKey"], parameters: ["force"] };
    await wire.call("DELETE", `${path}?force=true`, {}, problem("unknown-query-parameters", forced));
    for (const network of networks) await wire.change(set, "activate", network);
    const active = { stagingVersionLink: `${link(set)}/versions/1`, productionVersionLink: `${link(set)}/versions/1` };
    const statuses = { stagingStatus: "ACTIVE", productionStatus: "ACTIVE" };
    const inUse = problem("ca-set-cannot-be-deleted-active-versions", { ...set, ...active, ...statuses });
    await wire.call("DELETE", path, {}, inUse);
    for (const network of networks) await wire.change(set, "deactivate", network);
    wire.silence("PRODUCTION");
    const statusLink = `${link(set)}/status/delete`;
    await wire.call("DELETE", path, {}, { status: 202, headers: { location: statusLink }, body: "" });
    await wire.deletedOnStaging(set);
    const half = { status: "COMPLETE", percentComplete: 100, failureReason: null };
    const deletion = {
      ...set,
      caSetLink: link(set),
      resourceMethod: "delete",
      status: "IN_PROGRESS",
      statusLink,
      startTime: now,
      estimatedEndTime: "2026-06-01T00:10:00.000000Z",
      endTime: null,
      failureReason: null,
      removalDate: "2026-07-01T00:00:00.000000Z",
    };
    const open = { network: "PRODUCTION", status: "IN_PROGRESS", percentComplete: 0, failureReason: null };
    const under = { ...deletion, deletions: [{ network: "STAGING", ...half }, open] };
    const headers = { "retry-after": "Mon, 01 Jun 2026 00:00:05 GMT" };
    await wire.call("GET", `${path}/status/delete`, {}, { status: 202, headers, body: under });
    const info = { ...set, deletionLink: statusLink, productionStatus: "IN_PROGRESS", stagingStatus: "COMPLETE" };
    const busy = problem("delete-ca-set-request-in-progress", info);
    await wire.call("DELETE", path, {}, busy);
    wire.plane.clock.advance(600_000);
    await settleDeletions(wire.plane.controlPlane.context);
    const failed = { status: "FAILED", removalDate: null, endTime: "2026-06-01T00:10:00.000000Z", failureReason: text };
    const behind = { ...open, status: "FAILED", failureReason: text };
    const partly = { ...deletion, ...failed, deletions: [{ network: "STAGING", ...half }, behind] };
    await wire.call("GET", `${path}/status/delete`, {}, { status: 207, body: partly });
    wire.silence();
    const never = await wire.newVersion();
    await wire.plane.ask("DELETE", `/ca-sets/${never.caSetId}`);
    const answer = await wire.plane.ask("GET", `/ca-sets/${never.caSetId}/status/delete`);
    const all = networks.map((network) => ({ network, ...half }));
    const at = "2026-06-01T00:10:00.000000Z";
    const complete = {
      ...deletion,
      ...never,
      caSetLink: link(never),
      statusLink: `${link(never)}/status/delete`,
      status: "COMPLETE",
      startTime: at,
      estimatedEndTime: "2026-06-01T00:20:00.000000Z",
      endTime: at,
      removalDate: "2026-07-01T00:10:00.000000Z",
      deletions: all,
    };
    expect(answer.headers["retry-after"]).toBeUndefined();
    await wire.call("GET", `/ca-sets/${never.caSetId}/status/delete`, {}, { status: 200, body: complete });
  });

  test("every status of the reference was seen", () => {
    expect(wire.unseen("set")).toEqual([]);
  });
});
