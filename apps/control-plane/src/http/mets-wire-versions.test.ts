import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  by,
  etag,
  item,
  link,
  noSet,
  noVersion,
  now,
  other,
  problem,
  root,
  setsLeft,
  stored,
  text,
  upload,
  quota,
} from "../testing/mets-answers.ts";
import { certificateObject, versionObject } from "../testing/mets-objects.ts";
import { MetsWire } from "../testing/mets-wire.ts";

let wire: MetsWire;
beforeAll(async () => (wire = await MetsWire.open()));
afterAll(() => wire.close());

describe("versions on the wire", () => {
  test("10. POST …/versions", async () => {
    const set = await wire.newSet();
    const path = `/ca-sets/${set.caSetId}/versions`;
    const versionLink = `${link(set)}/versions/1`;
    const written = { certificates: [stored(root.pem)], validation: { warnings: [] }, advisories: [] };
    const body = versionObject(set, 1, now, by, written);
    const headers = { location: versionLink, etag, ...quota(setsLeft, 99) };
    await wire.call("POST", path, { body: upload(root) }, { status: 201, headers, body });
    const equal = problem("duplicate-ca-set-version", { ...set, versionLink });
    await wire.call("POST", path, { body: upload(root) }, equal);
    const none = problem("certificate-validation-failure-create", set, {
      errors: [item("malformed-certificate", "/certificates/0", expect.any(Object) as object)],
    });
    await wire.call("POST", path, { body: { certificates: [{ certificatePem: "rubbish" }] } }, none);
    await wire.call("POST", "/ca-sets/999999/versions", { body: upload(root) }, noSet);
    const one = { caSetId: "1", caSetName: "only" };
    const full = problem("ca-set-version-limit-reached", { ...one, maxVersionsPerCaSet: 1 });
    await wire.call("POST", "/ca-sets/1/versions", { body: upload(other) }, full, wire.small);
  });

  test("11. and 12. GET …/versions and GET …/versions/{v}", async () => {
    const set = await wire.newVersion();
    await wire.plane.createVersion([other], { description: "second" }, set.caSetId);
    const path = `/ca-sets/${set.caSetId}/versions`;
    const second = versionObject(set, 2, now, by, { description: "second" });
    const body = { versions: [second, versionObject(set, 1, now, by)] };
    await wire.call("GET", path, {}, { status: 200, body });
    const full = [
      { ...second, certificates: [stored(other.pem)] },
      versionObject(set, 1, now, by, { certificates: [stored(root.pem)] }),
    ];
    await wire.call("GET", `${path}?includeCertificates=true`, {}, { status: 200, body: { versions: full } });
    await wire.call("GET", `${path}?activeVersionsOnly=true`, {}, { status: 200, body: { versions: [] } });
    await wire.call("GET", "/ca-sets/999999/versions", {}, noSet);
    await wire.call("GET", `${path}/2`, {}, { status: 200, headers: { etag }, body: full[0] });
    await wire.call("GET", `${path}/9`, {}, noVersion(set));
    await wire.call("GET", "/ca-sets/999999/versions/1", {}, noSet);
  });

  test("13. PUT …/versions/{v}", async () => {
    const set = await wire.newVersion();
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
    await wire.call("PUT", path, sent, { status: 200, headers: { etag }, body });
    const refused = problem(
      "certificate-validation-failure-update",
      { ...set, version: 1 },
      { errors: [item("malformed-certificate", "/certificates/0", expect.any(Object) as object)] },
    );
    await wire.call("PUT", path, { body: { certificates: [{ certificatePem: "rubbish" }] } }, refused);
    await wire.call("PUT", `/ca-sets/${set.caSetId}/versions/9`, sent, noVersion(set));
    await wire.call("PUT", "/ca-sets/999999/versions/1", sent, noSet);
    const one = { caSetId: "1", caSetName: "only" };
    const many = { ...one, version: 1, maxCertificatesPerVersion: 1, submittedCertificatesCount: 2 };
    const tooMany = problem("certificate-limit-reached", many);
    await wire.call("PUT", "/ca-sets/1/versions/1", { body: upload(root, other) }, tooMany, wire.small);
    await wire.change(set, "activate", "STAGING");
    await wire.call("PUT", path, sent, problem("ca-set-version-is-active", { ...set, version: 1 }));
    await wire.change(set, "deactivate", "STAGING");
    await wire.call("PUT", path, sent, problem("ca-set-version-was-previously-active", { ...set, version: 1 }));
  });

  test("14. and 15. DELETE …/versions/{v} and POST …/versions/{v}/clone", async () => {
    const set = await wire.newVersion();
    const path = `/ca-sets/${set.caSetId}/versions`;
    const written = { certificates: [stored(root.pem)], validation: { warnings: [] }, advisories: [] };
    const headers = { location: `${link(set)}/versions/2`, etag, ...quota(setsLeft, 98) };
    await wire.call(
      "POST",
      `${path}/1/clone`,
      {},
      { status: 201, headers, body: versionObject(set, 2, now, by, written) },
    );
    await wire.call("POST", `${path}/9/clone`, {}, noVersion(set));
    const full = { caSetId: "1", caSetName: "only", maxVersionsPerCaSet: 1 };
    await wire.call(
      "POST",
      "/ca-sets/1/versions/1/clone",
      {},
      problem("ca-set-version-limit-reached", full),
      wire.small,
    );
    await wire.call("DELETE", `${path}/2`, {}, { status: 204, body: "" });
    await wire.call("DELETE", `${path}/9`, {}, noVersion(set));
    const gone = { caSetVersionStatus: "DELETED", removalDate: "2026-07-01T00:00:00.000000Z" };
    const deleted = versionObject(set, 2, now, by, { certificates: [stored(root.pem)], ...gone });
    await wire.call("GET", `${path}/2`, {}, { status: 200, headers: { etag }, body: deleted });
    await wire.change(set, "activate", "STAGING");
    await wire.call("DELETE", `${path}/1`, {}, problem("ca-set-version-is-active", { ...set, version: 1 }));
  });

  test("16. and 21. GET …/certificates and POST /certificates/validate", async () => {
    const set = await wire.newVersion();
    const path = `/ca-sets/${set.caSetId}/versions/1/certificates`;
    const body = { ...set, version: 1, certificates: [stored(root.pem)] };
    await wire.call("GET", path, {}, { status: 200, body });
    await wire.call(
      "GET",
      `${path}?certificateStatus=EXPIRED`,
      {},
      { status: 200, body: { ...body, certificates: [] } },
    );
    const missing = problem("missing-required-query-parameter", { parameterName: "certificateStatus" });
    await wire.call("GET", `${path}?expiryThresholdInDays=3`, {}, missing);
    await wire.call("GET", `/ca-sets/${set.caSetId}/versions/9/certificates`, {}, noVersion(set));
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
    await wire.call("POST", "/certificates/validate", { body: asked }, { status: 200, body: valid });
    const leaf = problem("certificate-validation-failure", undefined, {
      errors: [item("malformed-certificate", "/certificates/0", expect.any(Object) as object)],
    });
    await wire.call(
      "POST",
      "/certificates/validate",
      { body: { certificates: [{ certificatePem: "rubbish" }] } },
      leaf,
    );
  });

  test("nothing of a set changes that is being deleted", async () => {
    const { set, busy } = await wire.beingDeleted();
    const path = `/ca-sets/${set.caSetId}/versions`;
    await wire.call("POST", path, { body: upload(other) }, busy);
    await wire.call("PUT", `${path}/1`, { body: upload(other) }, busy);
    await wire.call("POST", `${path}/1/clone`, {}, busy);
  });

  test("every status of the reference was seen", () => {
    expect(wire.unseen("version")).toEqual([]);
  });
});
