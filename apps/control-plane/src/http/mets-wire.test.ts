import { problemTypePrefix } from "@tcm/api-contract";
import { type Network, networks, type ProblemSlug, problemCatalogue } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settleDeletions } from "../operations/settle-deletion.ts";
import type { Answer } from "../testing/api-client.ts";
import { certificateList, ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { type FakeNode, proves, staysSilent } from "../testing/fake-node.ts";
import {
  activationObject,
  base,
  caSetObject,
  certificateObject,
  type Named,
  versionObject,
} from "../testing/mets-objects.ts";

/** Every status that the reference, section 3, gives an endpoint, but for those of what we have not: other services that are asked. */
const reference: Readonly<Record<string, readonly number[]>> = {
  "POST /ca-sets": [201, 400, 409, 415, 422],
  "GET /ca-sets": [200, 400],
  "GET /ca-sets/{id}": [200, 404],
  "DELETE /ca-sets/{id}": [202, 400, 404, 409],
  "GET /ca-sets/{id}/status/delete": [200, 202, 207, 400, 404],
  "GET /ca-sets/{id}/activities": [200, 404],
  "GET /ca-sets/{id}/associations": [200, 404],
  "POST /ca-sets/{id}/clone": [201, 400, 404, 409, 422],
  "GET /ca-sets/{id}/activations": [200, 404],
  "POST /ca-sets/{id}/versions": [201, 400, 404, 409, 422],
  "GET /ca-sets/{id}/versions": [200, 404],
  "GET /ca-sets/{id}/versions/{v}": [200, 404],
  "PUT /ca-sets/{id}/versions/{v}": [200, 400, 404, 409, 422],
  "DELETE /ca-sets/{id}/versions/{v}": [204, 404, 422],
  "POST /ca-sets/{id}/versions/{v}/clone": [201, 404, 409, 422],
  "GET /ca-sets/{id}/versions/{v}/certificates": [200, 400, 404],
  "POST /ca-sets/{id}/versions/{v}/activate": [202, 400, 404, 409],
  "POST /ca-sets/{id}/versions/{v}/deactivate": [202, 404, 409],
  "GET /ca-sets/{id}/versions/{v}/activations": [200, 404],
  "GET /ca-sets/{id}/versions/{v}/activations/{a}": [200, 202, 404],
  "POST /certificates/validate": [200, 400],
};

const pki = testPki();
const root = pki.root("Wire Root");
const other = pki.root("Other Wire Root");
const by = "token-1";
const now = "2026-06-01T00:00:00.000000Z";
const text = expect.any(String) as string;
const sentence = expect.stringMatching(/^\S.*\.$/s) as string;

let plane: ControlPlaneHarness;
let small: ControlPlaneHarness;
let nodes: readonly FakeNode[];
const seen = new Map<string, Set<number>>();
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  small = await ControlPlaneHarness.start({ limits: { caSets: 1, versionsPerCaSet: 1, certificatesPerVersion: 1 } });
  nodes = await plane.connectLocalNodes();
});
afterAll(() => Promise.all([plane.remove(), small.remove()]));

type Call = { readonly body?: object; readonly raw?: string; readonly headers?: Record<string, string> };
type Wire = { readonly status: number; readonly headers?: Record<string, unknown>; readonly body: unknown };

/** One call, whose answer is compared to the last header and member. */
async function call(method: string, path: string, sent: Call, { status, headers, body }: Wire, at = plane) {
  const answer = await at.ask(method, path, sent);
  expect({ status: answer.status, body: answer.body }, `${method} ${path}`).toEqual({ status, body });
  const {
    date,
    connection: _connection,
    "keep-alive": _kept,
    "content-length": length,
    "transfer-encoding": _coding,
    ...rest
  } = answer.headers;
  expect(rest).toEqual({ ...always, ...(body !== "" && { "content-type": mediaType(status) }), ...headers });
  expect(new Date(date ?? "").toUTCString()).toBe(date);
  if (length !== undefined) expect(Number(length)).toBe(Buffer.byteLength(answer.text));
  const shape = path
    .replace(/\?.*/, "")
    .replace(/^(\/ca-sets)\/\d+/, "$1/{id}")
    .replace(/\/versions\/\d+/, "/versions/{v}")
    .replace(/\/activations\/\d+/, "/activations/{a}");
  const key = `${method} ${shape}`;
  seen.set(key, (seen.get(key) ?? new Set()).add(status));
  return answer;
}

const mediaType = (status: number): string =>
  status < 400 ? "application/json; charset=utf-8" : "application/problem+json";

/** What every answer to somebody known has. */
const always = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
  "x-ratelimit-limit": "1000000",
  "x-ratelimit-remaining": expect.stringMatching(/^999\d{3}$/) as string,
  "x-ratelimit-next": expect.stringMatching(/^2026-06-01T\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
};
const etag = expect.stringMatching(/^"[^"]+"$/) as string;
const quota = (sets: unknown, versions: number) => ({
  "x-limit-ca-sets-limit": "200",
  "x-limit-ca-sets-remaining": sets,
  "x-limit-ca-set-versions-limit": "100",
  "x-limit-ca-set-versions-remaining": String(versions),
});
const setsLeft = expect.stringMatching(/^\d+$/) as string;

/** §4. */
function problem(slug: ProblemSlug, contextInfo?: object, more: object = {}): Wire {
  const { status, title } = problemCatalogue[slug];
  const type = problemTypePrefix + slug;
  const instance = expect.stringMatching(new RegExp(`^${type}/[0-9a-f]{16}$`)) as string;
  const body = { type, title, detail: sentence, status, instance, ...(contextInfo && { contextInfo }), ...more };
  return { status, body };
}

const item = (slug: string, pointer: string | undefined, contextInfo?: object) => ({
  type: problemTypePrefix + slug,
  title: text,
  detail: sentence,
  ...(pointer !== undefined && { pointer }),
  ...(contextInfo && { contextInfo }),
});
const upload = (...members: { readonly pem: string }[]) => ({
  allowInsecureSha1: false,
  certificates: certificateList(members),
});
const stored = (pem: string) => certificateObject(pem, { createdDate: now, createdBy: by });
const link = ({ caSetId }: Named) => `${base}/ca-sets/${caSetId}`;
const noSet = problem("ca-set-not-found", { caSetId: "999999" });
const noVersion = (set: Named) => problem("ca-set-version-not-found", { ...set, version: 9 });

async function newSet(): Promise<Named> {
  const { caSetId, caSetName } = await plane.createSet();
  return { caSetId, caSetName };
}
async function newVersion(): Promise<Named> {
  const set = await newSet();
  await plane.createVersion([root], {}, set.caSetId);
  return set;
}
async function change(set: Named, verb: "activate" | "deactivate", network: Network): Promise<Answer> {
  const answer = await plane.ask("POST", `/ca-sets/${set.caSetId}/versions/1/${verb}`, { body: { network } });
  await plane.ended(answer.body as { activationLink: string });
  return answer;
}

describe("sets on the wire", () => {
  test("1. POST /ca-sets", async () => {
    const caSetName = "wire-create";
    const sent = { body: { caSetName, description: "for the wire" } };
    const made = await plane.ask("GET", "/ca-sets");
    const caSetId = String((made.body as { caSets: unknown[] }).caSets.length + 1);
    const body = caSetObject({ caSetId, caSetName }, now, by, { description: "for the wire" });
    const headers = { location: `${base}/ca-sets/${caSetId}`, etag, ...quota(setsLeft, 100) };
    await call("POST", "/ca-sets", sent, { status: 201, headers, body });
    const taken = item("ca-set-name-is-not-unique", "/caSetName");
    const info = { accountId: "A-TCM", caSetName };
    await call("POST", "/ca-sets", sent, problem("ca-set-name-is-not-unique", info, { errors: [taken] }));
    const json = { "content-type": "application/json" };
    await call("POST", "/ca-sets", { raw: "{", headers: json }, problem("invalid-json"));
    const media = { allowedMediaTypes: ["application/json"], unsupportedMediaType: "text/xml" };
    const xml = { raw: "<a/>", headers: { "content-type": "text/xml" } };
    await call("POST", "/ca-sets", xml, problem("media-type-not-supported", media));
    await small.createSet("only");
    const full = problem("ca-set-limit-reached", { accountId: "A-TCM", currentSetCount: 1, limit: 1 });
    await call("POST", "/ca-sets", { body: { caSetName: "one-more" } }, full, small);
  });

  test("2. and 3. GET /ca-sets and GET /ca-sets/{id}", async () => {
    const [first, second] = [await newSet(), await newSet()];
    const { caSets } = (await plane.ask("GET", "/ca-sets")).body as { caSets: { caSetId: string }[] };
    const body = { caSets: [second, first].map((set) => caSetObject(set, now, by)) };
    expect(caSets.slice(0, 2)).toEqual(body.caSets);
    const query = `caSetNamePrefix=${second.caSetName}&activatedOn=INACTIVE&caSetStatus=NOT_DELETED%2CDELETED`;
    await call("GET", `/ca-sets?${query}`, {}, { status: 200, body: { caSets: [caSetObject(second, now, by)] } });
    const unknown = {
      allowedQueryParameters: ["accountSwitchKey", "caSetNamePrefix", "activatedOn", "caSetStatus"],
      parameters: ["page"],
    };
    await call("GET", "/ca-sets?page=2", {}, problem("unknown-query-parameters", unknown));
    const read = { status: 200, headers: { etag }, body: caSetObject(first, now, by) };
    await call("GET", `/ca-sets/${first.caSetId}`, {}, read);
    await call("GET", "/ca-sets/999999", {}, noSet);
  });

  test("6. and 7. GET …/activities and GET …/associations", async () => {
    const set = await newVersion();
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
    await call("GET", `/ca-sets/${set.caSetId}/activities`, {}, { status: 200, body });
    await call("GET", "/ca-sets/999999/activities", {}, noSet);
    const path = `/ca-sets/${set.caSetId}/associations`;
    const sides = [
      ["", [], []],
      ["?associationType=properties", [], null],
      ["?associationType=enrollments", null, []],
    ] as const;
    for (const [query, properties, enrollments] of sides) {
      const associations = { properties, enrollments };
      await call("GET", path + query, {}, { status: 200, body: { associations } });
    }
    await call("GET", "/ca-sets/999999/associations", {}, noSet);
  });

  test("8. POST …/clone", async () => {
    const set = await newVersion();
    const caSetName = plane.newName();
    const path = `/ca-sets/${set.caSetId}/clone`;
    const caSetId = String(Number(set.caSetId) + 1);
    const versionOne = { latestVersion: 1, latestVersionLink: `${base}/ca-sets/${caSetId}/versions/1` };
    const body = caSetObject({ caSetId, caSetName }, now, by, versionOne);
    const headers = { location: `${base}/ca-sets/${caSetId}`, ...quota(setsLeft, 99) };
    const sent = { body: { caSetName, description: null } };
    await call("POST", path, sent, { status: 201, headers, body });
    const taken = item("ca-set-name-is-not-unique", "/caSetName");
    const info = { accountId: "A-TCM", caSetName };
    await call("POST", path, sent, problem("ca-set-name-is-not-unique", info, { errors: [taken] }));
    const next = { body: { caSetName: plane.newName() } };
    await call("POST", "/ca-sets/999999/clone", next, noSet);
    await call("POST", `${path}?cloneFromVersion=9`, next, noVersion(set));
    const empty = await newSet();
    await call("POST", `/ca-sets/${empty.caSetId}/clone`, next, problem("missing-caset-version", empty));
    await small.createVersion([root], {}, "1");
    const full = problem("ca-set-limit-reached", { accountId: "A-TCM", currentSetCount: 1, limit: 1 });
    await call("POST", "/ca-sets/1/clone", next, full, small);
  });
});

describe("versions on the wire", () => {
  test("10. POST …/versions", async () => {
    const set = await newSet();
    const path = `/ca-sets/${set.caSetId}/versions`;
    const versionLink = `${link(set)}/versions/1`;
    const written = { certificates: [stored(root.pem)], validation: { warnings: [] }, advisories: [] };
    const body = versionObject(set, 1, now, by, written);
    const headers = { location: versionLink, etag, ...quota(setsLeft, 99) };
    await call("POST", path, { body: upload(root) }, { status: 201, headers, body });
    const equal = problem("duplicate-ca-set-version", { ...set, versionLink });
    await call("POST", path, { body: upload(root) }, equal);
    const none = problem("certificate-validation-failure-create", set, {
      errors: [item("malformed-certificate", "/certificates/0", expect.any(Object) as object)],
    });
    await call("POST", path, { body: { certificates: [{ certificatePem: "rubbish" }] } }, none);
    await call("POST", "/ca-sets/999999/versions", { body: upload(root) }, noSet);
    const one = { caSetId: "1", caSetName: "only" };
    const full = problem("ca-set-version-limit-reached", { ...one, maxVersionsPerCaSet: 1 });
    await call("POST", "/ca-sets/1/versions", { body: upload(other) }, full, small);
  });

  test("11. and 12. GET …/versions and GET …/versions/{v}", async () => {
    const set = await newVersion();
    await plane.createVersion([other], { description: "second" }, set.caSetId);
    const path = `/ca-sets/${set.caSetId}/versions`;
    const second = versionObject(set, 2, now, by, { description: "second" });
    const body = { versions: [second, versionObject(set, 1, now, by)] };
    await call("GET", path, {}, { status: 200, body });
    const full = [
      { ...second, certificates: [stored(other.pem)] },
      versionObject(set, 1, now, by, { certificates: [stored(root.pem)] }),
    ];
    await call("GET", `${path}?includeCertificates=true`, {}, { status: 200, body: { versions: full } });
    await call("GET", `${path}?activeVersionsOnly=true`, {}, { status: 200, body: { versions: [] } });
    await call("GET", "/ca-sets/999999/versions", {}, noSet);
    await call("GET", `${path}/2`, {}, { status: 200, headers: { etag }, body: full[0] });
    await call("GET", `${path}/9`, {}, noVersion(set));
    await call("GET", "/ca-sets/999999/versions/1", {}, noSet);
  });

  test("13. PUT …/versions/{v}", async () => {
    const set = await newVersion();
    const path = `/ca-sets/${set.caSetId}/versions/1`;
    const modifiedDate = "2026-06-01T00:00:00.000001Z";
    const renewed = (pem: string) => certificateObject(pem, { createdDate: modifiedDate, createdBy: by });
    const fingerprint = certificateObject(root.pem)["fingerprint"];
    const warning = item("duplicate-certificate", "/certificates/2", {
      subject: "CN=Wire Root",
      fingerPrint: fingerprint,
      fingerprint,
      description: null,
      firstIndex: 0,
      cites: text,
    });
    const body = versionObject(set, 1, now, by, {
      description: "changed",
      modifiedDate,
      modifiedBy: by,
      certificates: [renewed(root.pem), renewed(other.pem)],
      validation: { warnings: [warning] },
      advisories: [],
    });
    const sent = { body: { ...upload(root, other, root), description: "changed" } };
    await call("PUT", path, sent, { status: 200, headers: { etag }, body });
    const refused = problem(
      "certificate-validation-failure-update",
      { ...set, version: 1 },
      { errors: [item("malformed-certificate", "/certificates/0", expect.any(Object) as object)] },
    );
    await call("PUT", path, { body: { certificates: [{ certificatePem: "rubbish" }] } }, refused);
    await call("PUT", `/ca-sets/${set.caSetId}/versions/9`, sent, noVersion(set));
    await call("PUT", "/ca-sets/999999/versions/1", sent, noSet);
    const one = { caSetId: "1", caSetName: "only" };
    const many = { ...one, version: 1, maxCertificatesPerVersion: 1, submittedCertificatesCount: 2 };
    const tooMany = problem("certificate-limit-reached", many);
    await call("PUT", "/ca-sets/1/versions/1", { body: upload(root, other) }, tooMany, small);
    await change(set, "activate", "STAGING");
    await call("PUT", path, sent, problem("ca-set-version-is-active", { ...set, version: 1 }));
    await change(set, "deactivate", "STAGING");
    await call("PUT", path, sent, problem("ca-set-version-was-previously-active", { ...set, version: 1 }));
  });

  test("14. and 15. DELETE …/versions/{v} and POST …/versions/{v}/clone", async () => {
    const set = await newVersion();
    const path = `/ca-sets/${set.caSetId}/versions`;
    const written = { certificates: [stored(root.pem)], validation: { warnings: [] }, advisories: [] };
    const headers = { location: `${link(set)}/versions/2`, etag, ...quota(setsLeft, 98) };
    await call("POST", `${path}/1/clone`, {}, { status: 201, headers, body: versionObject(set, 2, now, by, written) });
    await call("POST", `${path}/9/clone`, {}, noVersion(set));
    const full = { caSetId: "1", caSetName: "only", maxVersionsPerCaSet: 1 };
    await call("POST", "/ca-sets/1/versions/1/clone", {}, problem("ca-set-version-limit-reached", full), small);
    await call("DELETE", `${path}/2`, {}, { status: 204, body: "" });
    await call("DELETE", `${path}/9`, {}, noVersion(set));
    const gone = { caSetVersionStatus: "DELETED", removalDate: "2026-07-01T00:00:00.000000Z" };
    const deleted = versionObject(set, 2, now, by, { certificates: [stored(root.pem)], ...gone });
    await call("GET", `${path}/2`, {}, { status: 200, headers: { etag }, body: deleted });
    await change(set, "activate", "STAGING");
    await call("DELETE", `${path}/1`, {}, problem("ca-set-version-is-active", { ...set, version: 1 }));
  });

  test("16. and 21. GET …/certificates and POST /certificates/validate", async () => {
    const set = await newVersion();
    const path = `/ca-sets/${set.caSetId}/versions/1/certificates`;
    const body = { ...set, version: 1, certificates: [stored(root.pem)] };
    await call("GET", path, {}, { status: 200, body });
    await call("GET", `${path}?certificateStatus=EXPIRED`, {}, { status: 200, body: { ...body, certificates: [] } });
    const missing = problem("missing-required-query-parameter", { parameterName: "certificateStatus" });
    await call("GET", `${path}?expiryThresholdInDays=3`, {}, missing);
    await call("GET", `/ca-sets/${set.caSetId}/versions/9/certificates`, {}, noVersion(set));
    const certificatePem = root.pem;
    const asked = { allowInsecureSha1: false, certificates: [{ certificatePem, description: "ours" }] };
    const valid = {
      allowInsecureSha1: false,
      requireRootCertificate: true,
      allowDuplicateCommonNames: false,
      certificates: [certificateObject(root.pem, { description: "ours" })],
      validation: { warnings: [] },
      advisories: [],
      trustChains: expect.any(Object) as object,
    };
    await call("POST", "/certificates/validate", { body: asked }, { status: 200, body: valid });
    const leaf = problem("certificate-validation-failure", undefined, {
      errors: [item("malformed-certificate", "/certificates/0", expect.any(Object) as object)],
    });
    await call("POST", "/certificates/validate", { body: { certificates: [{ certificatePem: "rubbish" }] } }, leaf);
  });
});

describe("deployments and deletions on the wire", () => {
  test("9. and 17. to 20. activate, ask, list, deactivate", async () => {
    const set = await newVersion();
    const path = `/ca-sets/${set.caSetId}/versions/1`;
    const sent = { body: { network: "PRODUCTION" } };
    for (const node of nodes) node.habit = staysSilent;
    const asked = await plane.ask("POST", `${path}/activate`, sent);
    const { activationId } = asked.body as { activationId: number };
    await plane.ask("POST", `${path}/activations/${activationId}/cancel`);
    const begun = { activationId: activationId + 1, network: "PRODUCTION", version: 1 };
    const ours = { deadlineDate: text, previousVersion: null, removesTrustOnly: false };
    const generation = { ...ours, generation: expect.stringMatching(/^1\.\d+$/) as string };
    const staging = {
      type: `${problemTypePrefix}activate-version-on-production-without-activating-on-staging`,
      title: text,
      detail: sentence,
    };
    const started = activationObject(set, begun, now, by, generation);
    const headers = { location: started["activationLink"] };
    const body = { ...started, validation: { warnings: [staging] } };
    await call("POST", `${path}/activate`, sent, { status: 202, headers, body });
    const one = `${path}/activations/${begun.activationId}`;
    const again = { "retry-after": "Mon, 01 Jun 2026 00:00:05 GMT" };
    await call("GET", one, {}, { status: 202, headers: again, body: started });
    const running = { ...set, network: "PRODUCTION", version: 1, activationType: "ACTIVATE" };
    const inFlight = { ...running, activationLink: started["activationLink"] };
    await call(
      "POST",
      `${path}/activate`,
      sent,
      problem("another-activation-request-in-progress-in-the-ca-set", inFlight),
    );
    const production = nodes.find(({ account }) => account.network === "PRODUCTION");
    for (const node of nodes) node.habit = proves;
    // What it has not heard yet it proves by habit.
    const told = production?.newest(`ca-set/${set.caSetId}`);
    if (told !== undefined) production?.reports(told.entry, "verified");
    await plane.ended({ activationLink: String(started["activationLink"]) });
    const modified = { modifiedDate: now, modifiedBy: by, percentComplete: 100, activationStatus: "COMPLETE" };
    const ended = { ...started, ...modified };
    await call("GET", one, {}, { status: 200, body: ended });
    for (const list of [`${path}/activations`, `/ca-sets/${set.caSetId}/activations`]) {
      const cancelled = { ...started, activationId, activationLink: text, activationStatus: "FAILED" };
      const first = { ...cancelled, ...generation, failureReason: text, modifiedDate: now, modifiedBy: by };
      await call("GET", list, {}, { status: 200, body: { activations: [ended, first] } });
    }
    const already = problem("ca-set-version-already-active-on-network", { ...set, network: "PRODUCTION", version: 1 });
    await call("POST", `${path}/activate`, sent, already);
    const elsewhere = problem("ca-set-version-not-active-on-network", { ...set, network: "STAGING", version: 1 });
    await call("POST", `${path}/deactivate`, { body: { network: "STAGING" } }, elsewhere);
    const off = activationObject(set, { ...begun, activationId: begun.activationId + 1 }, now, by, {
      ...generation,
      previousVersion: 1,
      removesTrustOnly: true,
      activationType: "DEACTIVATE",
      validation: { warnings: [] },
    });
    const place = { location: off["activationLink"] };
    await call("POST", `${path}/deactivate`, sent, { status: 202, headers: place, body: off });
  });

  test("what is not there, and what cannot be deployed", async () => {
    const set = await newVersion();
    const path = `/ca-sets/${set.caSetId}/versions`;
    const sent = { body: { network: "STAGING" } };
    for (const verb of ["activate", "deactivate"]) await call("POST", `${path}/9/${verb}`, sent, noVersion(set));
    await call("GET", `${path}/9/activations`, {}, noVersion(set));
    await call("GET", "/ca-sets/999999/activations", {}, noSet);
    const missing = problem("activation-or-deactivation-request-not-found", { activationId: 999, ...set, version: 1 });
    await call("GET", `${path}/1/activations/999`, {}, missing);
    const soon = await newSet();
    await plane.createVersion([pki.root("Ends", { notAfter: pki.now + 86_400 })], {}, soon.caSetId);
    plane.clock.advance(2 * 86_400_000);
    const expired = item("expired-certificate", undefined, expect.any(Object) as object);
    const late = problem("certificate-validation-failure-activate", { ...soon, version: 1 }, { errors: [expired] });
    const answer = await plane.ask("POST", `/ca-sets/${soon.caSetId}/versions/1/activate`, sent);
    plane.clock.set("2026-06-01T00:00:00Z");
    expect({ status: answer.status, body: answer.body }).toEqual({ status: late.status, body: late.body });
    const key = "POST /ca-sets/{id}/versions/{v}/activate";
    seen.set(key, (seen.get(key) ?? new Set()).add(answer.status));
  });

  test("a set in use is neither deactivated nor deleted, and its users are told", async () => {
    const set = await newVersion();
    for (const network of networks) await change(set, "activate", network);
    const body = { hostnames: ["wire.example"], clientAuthentication: { caSetId: set.caSetId } };
    const bound = await plane.ask("POST", "/edge-certificates", { body });
    const { edgeCertificateId: enrollmentId } = bound.body as { edgeCertificateId: number };
    const enrollmentLink = `${base}/edge-certificates/${enrollmentId}`;
    const slots = { stagingSlots: [], productionSlots: [] };
    const enrollments = [{ cn: "wire.example", enrollmentId, enrollmentLink, ...slots }];
    const path = `/ca-sets/${set.caSetId}`;
    const listed = { associations: { properties: [], enrollments } };
    await call("GET", `${path}/associations`, {}, { status: 200, body: listed });
    const info = { ...set, associations: { properties: [], enrollments } };
    await call("DELETE", path, {}, problem("ca-set-in-use-by-enrollments", info));
    const off = problem("ca-set-in-use-by-enrollments", { ...info, network: "STAGING" });
    await call("POST", `${path}/versions/1/deactivate`, { body: { network: "STAGING" } }, off);
  });

  test("4. and 5. DELETE /ca-sets/{id} and GET …/status/delete", async () => {
    const set = await newVersion();
    const path = `/ca-sets/${set.caSetId}`;
    await call("GET", `${path}/status/delete`, {}, problem("no-active-cert-deletions", { caSetId: set.caSetId }));
    await call("GET", "/ca-sets/999999/status/delete", {}, noSet);
    await call("DELETE", "/ca-sets/999999", {}, noSet);
    const forced = { allowedQueryParameters: ["accountSwitchKey"], parameters: ["force"] };
    await call("DELETE", `${path}?force=true`, {}, problem("unknown-query-parameters", forced));
    for (const network of networks) await change(set, "activate", network);
    const active = { stagingVersionLink: `${link(set)}/versions/1`, productionVersionLink: `${link(set)}/versions/1` };
    const statuses = { stagingStatus: "ACTIVE", productionStatus: "ACTIVE" };
    const inUse = problem("ca-set-cannot-be-deleted-active-versions", { ...set, ...active, ...statuses });
    await call("DELETE", path, {}, inUse);
    for (const network of networks) await change(set, "deactivate", network);
    for (const node of nodes) node.habit = node.account.network === "STAGING" ? proves : staysSilent;
    const statusLink = `${link(set)}/status/delete`;
    await call("DELETE", path, {}, { status: 202, headers: { location: statusLink }, body: "" });
    await expect
      .poll(async () => JSON.stringify((await plane.ask("GET", `${path}/status/delete`)).body), { timeout: 20_000 })
      .toContain('"STAGING","status":"COMPLETE"');
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
    await call("GET", `${path}/status/delete`, {}, { status: 202, headers, body: under });
    const info = { ...set, deletionLink: statusLink, productionStatus: "IN_PROGRESS", stagingStatus: "COMPLETE" };
    const busy = problem("delete-ca-set-request-in-progress", info);
    await call("DELETE", path, {}, busy);
    await call("POST", `${path}/versions`, { body: upload(other) }, busy);
    await call("PUT", `${path}/versions/1`, { body: upload(other) }, busy);
    await call("POST", `${path}/versions/1/clone`, {}, busy);
    for (const verb of ["activate", "deactivate"])
      await call("POST", `${path}/versions/1/${verb}`, { body: { network: "STAGING" } }, busy);
    plane.clock.advance(600_000);
    await settleDeletions(plane.controlPlane.context);
    const failed = { status: "FAILED", removalDate: null, endTime: "2026-06-01T00:10:00.000000Z", failureReason: text };
    const behind = { ...open, status: "FAILED", failureReason: text };
    const partly = { ...deletion, ...failed, deletions: [{ network: "STAGING", ...half }, behind] };
    await call("GET", `${path}/status/delete`, {}, { status: 207, body: partly });
    for (const node of nodes) node.habit = proves;
    const never = await newVersion();
    await plane.ask("DELETE", `/ca-sets/${never.caSetId}`);
    const answer = await plane.ask("GET", `/ca-sets/${never.caSetId}/status/delete`);
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
    await call("GET", `/ca-sets/${never.caSetId}/status/delete`, {}, { status: 200, body: complete });
  });
});

test("every status of the reference was seen, and no other", () => {
  const statuses = [...seen].map(([key, set]) => [key, [...set].toSorted((a, b) => a - b)] as const);
  expect(Object.fromEntries(statuses)).toEqual(reference);
});
