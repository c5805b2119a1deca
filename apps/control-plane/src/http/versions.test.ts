import { caSet, trustChains, version, versionList } from "@tcm/api-contract";
import { decodePem } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, certificateList, expectStatus } from "../testing/control-plane-harness.ts";

let harness: ControlPlaneHarness;
beforeAll(async () => {
  harness = await ControlPlaneHarness.start();
  await harness.connectLocalNodes();
});
afterAll(() => harness.remove());

const pki = testPki();
const root = pki.root("Partner Root", { subject: { C: "US", O: "Example, Inc.", CN: "Partner Root" } });
const issuing = root.intermediate("Issuing 1");

const put = (id: string, body: unknown, headers: Readonly<Record<string, string>> = {}, number = 1) =>
  harness.ask("PUT", `/ca-sets/${id}/versions/${number}`, { body, headers });

describe("POST /ca-sets/{id}/versions", () => {
  test("stores the certificates and answers all of the version", async () => {
    const { caSetId, caSetName } = await harness.createSet();
    const certificates = [{ certificatePem: root.pem, description: "root" }, { certificatePem: issuing.pem }];
    const body = { description: "first", certificates };
    const answer = await harness.ask("POST", `/ca-sets/${caSetId}/versions`, { body });
    expectStatus(answer, 201, version.strict());
    const link = `/mtls-edge-truststore/v2/ca-sets/${caSetId}/versions/1`;
    expect(answer.headers.location).toBe(link);
    expect(answer.headers.etag).toMatch(/^"[^"]+"$/);
    const about = { createdDate: "2026-06-01T00:00:00.000000Z", createdBy: "token-1" };
    const rootName = "CN=Partner Root, O=Example\\, Inc., C=US";
    expect(answer.body).toEqual({
      caSetId,
      caSetName,
      version: 1,
      versionLink: link,
      description: "first",
      allowInsecureSha1: false,
      requireRootCertificate: true,
      allowDuplicateCommonNames: false,
      stagingStatus: "INACTIVE",
      productionStatus: "INACTIVE",
      ...about,
      modifiedDate: null,
      modifiedBy: null,
      certificates: [
        {
          subject: rootName,
          issuer: rootName,
          startDate: "2026-05-02T00:00:00Z",
          endDate: "2036-05-29T00:00:00Z",
          fingerprint: root.fingerprint,
          serialNumber: expect.stringMatching(/^[0-9a-f]+$/) as string,
          signatureAlgorithm: "SHA256WITHECDSA",
          certificatePem: root.pem,
          description: "root",
          ...about,
        },
        expect.objectContaining({ subject: "CN=Issuing 1", issuer: rootName, description: null, ...about }),
      ],
      validation: { warnings: [] },
      advisories: expect.any(Array) as unknown[],
      removalDate: null,
      caSetVersionStatus: "NOT_DELETED",
    });
    const read = await harness.ask("GET", `/ca-sets/${caSetId}/versions/1`);
    expect(read.body).toEqual({ ...(answer.body as object), validation: null, advisories: null });
    expect(read.headers.etag).toBe(answer.headers.etag);
    expect(await harness.get(caSet, `/ca-sets/${caSetId}`)).toMatchObject({
      latestVersion: 1,
      latestVersionLink: link,
    });
  });

  test.each([
    ["with text around it", `Bag Attributes\n  friendlyName: x\n${root.pem}\ntrailing  `],
    ["with CR LF", root.pem.replaceAll("\n", "\r\n")],
    ["on one line, as PowerShell sends it", root.pem.replaceAll("\n", "")],
    ["without the last line end", root.pem.trimEnd()],
    ["with a byte order mark", `\ufeff${root.pem}`],
    ["with every kind of character around it", `\u0001\u202e<b>&"'\\\n${root.pem}`],
  ])("a PEM %s is echoed as it came", async (_what, certificatePem) => {
    const { caSetId } = await harness.createSet();
    const body = { certificates: [{ certificatePem }] };
    const created = await harness.ask("POST", `/ca-sets/${caSetId}/versions`, { body });
    expectStatus(created, 201, version);
    const read = await harness.get(version, `/ca-sets/${caSetId}/versions/1`);
    expect(read.certificates).toMatchObject([{ certificatePem, fingerprint: root.fingerprint }]);
    const bundle = await harness.ask("GET", `/ca-sets/${caSetId}/versions/1/bundle.pem`, {
      headers: { accept: "application/x-pem-file" },
    });
    expect(bundle.text).toBe(root.pem);
  });

  test("a duplicate is stored once, and said so", async () => {
    const { caSetId } = await harness.createSet();
    const body = { certificates: certificateList([root, issuing, root, root]) };
    const answer = await harness.ask("POST", `/ca-sets/${caSetId}/versions`, { body });
    const { certificates, validation } = expectStatus(answer, 201, version);
    expect(certificates?.map(({ fingerprint }) => fingerprint)).toEqual([root.fingerprint, issuing.fingerprint]);
    expect(validation?.warnings.map(({ pointer }) => pointer)).toEqual(["/certificates/2", "/certificates/3"]);
  });

  test("an equal version is refused with a link to it, whatever the order and the description", async () => {
    const id = await harness.createVersion([root, issuing]);
    const body = { description: "again", certificates: certificateList([issuing, root]) };
    const answer = await harness.ask("POST", `/ca-sets/${id}/versions`, { body });
    expect(refusal(answer)).toEqual([422, "duplicate-ca-set-version"]);
    expect(problemOf(answer).contextInfo).toMatchObject({
      caSetId: id,
      versionLink: `/mtls-edge-truststore/v2/ca-sets/${id}/versions/1`,
    });
    // Another option is another version, and so is another set.
    await harness.createVersion([root, issuing], { allowDuplicateCommonNames: true }, id);
    await harness.createVersion([root, issuing]);
  });

  test("of equal ones at the same time one is created, and numbers have no gap", async () => {
    const { caSetId } = await harness.createSet();
    const body = { certificates: certificateList([root]) };
    const post = () => harness.ask("POST", `/ca-sets/${caSetId}/versions`, { body });
    const answers = await Promise.all(Array.from({ length: 6 }, post));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    await harness.createVersion([issuing, root], {}, caSetId);
    const { versions } = await harness.get(versionList, `/ca-sets/${caSetId}/versions`);
    expect(versions.map((one) => one.version)).toEqual([2, 1]);
  });

  test("an unknown set is not found", async () => {
    const body = { certificates: certificateList([root]) };
    const answer = await harness.ask("POST", "/ca-sets/99999/versions", { body });
    expect(refusal(answer)).toEqual([404, "ca-set-not-found"]);
  });

  test("a set holds 100 versions", async () => {
    const id = await harness.createVersion([root]);
    const clone = () => harness.ask("POST", `/ca-sets/${id}/versions/1/clone`);
    for (let i = 2; i <= 99; i++) expect((await clone()).status).toBe(201);
    const last = await Promise.all([clone(), clone()]);
    expect(last.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422]);
    const answers = [
      last.find(({ status }) => status === 422) ?? last[0],
      await harness.ask("POST", `/ca-sets/${id}/versions`, {
        body: { certificates: certificateList([root, issuing]) },
      }),
    ];
    for (const answer of answers) {
      expect(refusal(answer)).toEqual([422, "ca-set-version-limit-reached"]);
      expect(problemOf(answer).contextInfo).toMatchObject({ caSetId: id, maxVersionsPerCaSet: 100 });
    }
  });
});

describe("PUT /ca-sets/{id}/versions/{v}", () => {
  test("replaces everything; omitted options are inherited, an omitted description is none", async () => {
    const id = await harness.createVersion([issuing], { requireRootCertificate: false, description: "before" });
    harness.clock.advance(1_000);
    const answer = await put(id, { certificates: certificateList([issuing, issuing.intermediate("Below")]) });
    const view = expectStatus(answer, 200, version.strict());
    expect(view).toMatchObject({
      version: 1,
      description: null,
      requireRootCertificate: false,
      modifiedBy: "token-1",
      validation: { warnings: [] },
    });
    expect(Date.parse(view.modifiedDate ?? "")).toBeGreaterThan(Date.parse(view.createdDate));
    expect(view.certificates).toHaveLength(2);
    const read = await harness.ask("GET", `/ca-sets/${id}/versions/1`);
    expect(read.body).toMatchObject({ ...view, validation: null, advisories: null });
    expect(read.headers.etag).toBe(answer.headers.etag);
  });

  test("equal certificates may be sent to change a description, also those of another version", async () => {
    const id = await harness.createVersion([root]);
    await harness.createVersion([root, issuing], {}, id);
    const answer = await put(id, { description: "new", certificates: certificateList([root, issuing]) });
    expect(expectStatus(answer, 200, version)).toMatchObject({ description: "new" });
  });

  test("who edited something else in the meantime is told, and nothing is lost", async () => {
    const id = await harness.createVersion([root]);
    const { etag = "" } = (await harness.ask("GET", `/ca-sets/${id}/versions/1`)).headers;
    const first = await put(id, { description: "first", certificates: certificateList([root]) }, { "if-match": etag });
    expect(first.status).toBe(200);
    // No time has passed on this clock, and still the tag is another one.
    const second = await put(
      id,
      { description: "second", certificates: certificateList([root]) },
      { "if-match": etag },
    );
    expect(refusal(second)).toEqual([412, "precondition-failed"]);
    expect(problemOf(second).contextInfo).toMatchObject({ caSetId: id, version: 1 });
    const { etag: fresh = "" } = first.headers;
    expect(fresh).not.toBe(etag);
    const third = await put(id, { description: "third", certificates: certificateList([root]) }, { "if-match": fresh });
    expect(third.headers.etag).not.toBe(fresh);
    expect(await harness.get(version, `/ca-sets/${id}/versions/1`)).toMatchObject({ description: "third" });
    const any = await put(id, { description: "any", certificates: certificateList([root]) }, { "if-match": "*" });
    expect(any.status).toBe(200);
    for (const wrong of ["W/x", '"other"', "", fresh.slice(1, -1)]) {
      const answer = await put(id, { certificates: certificateList([root]) }, { "if-match": wrong });
      expect(refusal(answer), wrong).toEqual([412, "precondition-failed"]);
    }
  });

  test("of two editors with one tag, one wins", async () => {
    const id = await harness.createVersion([root]);
    const { etag = "" } = (await harness.ask("GET", `/ca-sets/${id}/versions/1`)).headers;
    const edit = (description: string) =>
      put(id, { description, certificates: certificateList([root]) }, { "if-match": etag });
    const answers = await Promise.all([edit("a"), edit("b"), edit("c")]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
  });

  test("is refused while the version is active, and for ever after", async () => {
    const id = await harness.createVersion([root]);
    await harness.ended(await harness.activate(id, 1, "STAGING"));
    const body = { certificates: certificateList([root, issuing]) };
    const active = await put(id, body);
    expect(refusal(active)).toEqual([422, "ca-set-version-is-active"]);
    expect(problemOf(active).contextInfo).toMatchObject({ caSetId: id, version: 1 });
    await harness.createVersion([root, issuing], {}, id);
    await harness.ended(await harness.activate(id, 2, "STAGING"));
    expect(refusal(await put(id, body))).toEqual([422, "ca-set-version-was-previously-active"]);
    expect((await harness.get(version, `/ca-sets/${id}/versions/1`)).certificates).toHaveLength(1);
  });

  test.each([
    ["/ca-sets/99999/versions/1", "ca-set-not-found"],
    ["/ca-sets/1/versions/77", "ca-set-version-not-found"],
  ])("%s is not found", async (path, slug) => {
    const answer = await harness.ask("PUT", path, { body: { certificates: certificateList([root]) } });
    expect(refusal(answer)).toEqual([404, slug]);
  });
});

describe("POST /ca-sets/{id}/versions/{v}/clone", () => {
  test.each([
    ["without a body", {}],
    ["without a body, with a content type", { headers: { "content-type": "application/json" } }],
    ["with an empty object", { body: {} }],
  ])("makes an equal version under the next number, %s", async (_how, options) => {
    const id = await harness.createVersion([issuing], { requireRootCertificate: false, description: "source" });
    const answer = await harness.ask("POST", `/ca-sets/${id}/versions/1/clone`, options);
    const view = expectStatus(answer, 201, version.strict());
    expect(answer.headers.location).toBe(`/mtls-edge-truststore/v2/ca-sets/${id}/versions/2`);
    expect(view).toMatchObject({
      version: 2,
      requireRootCertificate: false,
      description: "source",
      stagingStatus: "INACTIVE",
      modifiedDate: null,
    });
    const source = await harness.get(version, `/ca-sets/${id}/versions/1`);
    const pems = ({ certificates = [] }: typeof source) => certificates.map(({ certificatePem }) => certificatePem);
    expect(pems(view)).toEqual(pems(source));
    expect(answer.headers.etag).toBe((await harness.ask("GET", `/ca-sets/${id}/versions/2`)).headers.etag);
  });

  test("the clone of an active version can be edited", async () => {
    const id = await harness.createVersion([root]);
    await harness.ended(await harness.activate(id, 1, "STAGING"));
    await harness.ask("POST", `/ca-sets/${id}/versions/1/clone`);
    expect(await harness.get(version, `/ca-sets/${id}/versions/2`)).toMatchObject({ stagingStatus: "INACTIVE" });
    expect((await put(id, { certificates: certificateList([root, issuing]) }, {}, 2)).status).toBe(200);
  });

  test("expired members are copied with a warning", async () => {
    const short = pki.root("Short", { notAfter: pki.now + 3_600 });
    const id = await harness.createVersion([short]);
    harness.clock.advance(4_000_000);
    const answer = await harness.ask("POST", `/ca-sets/${id}/versions/1/clone`);
    harness.clock.advance(-4_000_000);
    const { validation } = expectStatus(answer, 201, version);
    expect(validation?.warnings).toMatchObject([
      {
        type: "/mtls-edge-truststore/error-types/expired-certificate",
        contextInfo: { subject: "CN=Short", fingerPrint: short.fingerprint, expiryDate: expect.any(String) as string },
      },
    ]);
    expect(validation?.warnings[0]).not.toHaveProperty("pointer");
  });

  test.each([
    ["/ca-sets/99999/versions/1/clone", "ca-set-not-found", { caSetId: "99999" }],
    ["/ca-sets/1/versions/77/clone", "ca-set-version-not-found", { caSetId: "1", version: 77 }],
  ])("%s is not found", async (path, slug, contextInfo) => {
    const answer = await harness.ask("POST", path);
    expect(refusal(answer)).toEqual([404, slug]);
    expect(problemOf(answer).contextInfo).toMatchObject(contextInfo);
  });
});

describe("GET /ca-sets/{id}/versions", () => {
  test("newest first, with certificates only when asked for, and those in force alone when asked for", async () => {
    const id = await harness.createVersion([root]);
    await harness.createVersion([root, issuing], {}, id);
    await harness.createVersion([root, issuing], { allowInsecureSha1: true }, id);
    await harness.ended(await harness.activate(id, 2, "STAGING"));
    await harness.ended(await harness.activate(id, 1, "PRODUCTION"));
    const list = async (search: string) =>
      (await harness.get(versionList, `/ca-sets/${id}/versions${search}`)).versions;
    const plain = await list("");
    expect(plain.map((one) => one.version)).toEqual([3, 2, 1]);
    expect(plain.map(({ stagingStatus }) => stagingStatus)).toEqual(["INACTIVE", "ACTIVE", "INACTIVE"]);
    expect(plain.map(({ productionStatus }) => productionStatus)).toEqual(["INACTIVE", "INACTIVE", "ACTIVE"]);
    expect(plain.some((one) => "certificates" in one)).toBe(false);
    expect(plain.every(({ validation }) => validation === null)).toBe(true);
    const full = await list("?includeCertificates=true&activeVersionsOnly=true");
    expect(full.map((one) => [one.version, one.certificates?.length])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(await list("?caSetVersionStatus=DELETED")).toEqual([]);
    expect(await list("/?caSetVersionStatus=NOT_DELETED,DELETED")).toHaveLength(3);
  });

  test.each([
    "includeCertificates=yes",
    "activeVersionsOnly=1",
    "caSetVersionStatus=ACTIVE",
    "includeCertificates=",
  ])("refuses %s", async (search) => {
    const answer = await harness.ask("GET", `/ca-sets/1/versions?${search}`);
    expect(refusal(answer)).toEqual([400, "invalid-field"]);
    expect(problemOf(answer).contextInfo).toMatchObject({ parameterName: search.split("=")[0] });
  });

  test("names its parameters", async () => {
    const answer = await harness.ask("GET", "/ca-sets/1/versions?limit=1");
    expect(problemOf(answer).contextInfo).toEqual({
      allowedQueryParameters: ["accountSwitchKey", "includeCertificates", "activeVersionsOnly", "caSetVersionStatus"],
      parameters: ["limit"],
    });
  });

  test("an unknown set, and an unknown version, are not found", async () => {
    expect(refusal(await harness.ask("GET", "/ca-sets/99999/versions"))).toEqual([404, "ca-set-not-found"]);
    const answer = await harness.ask("GET", "/ca-sets/1/versions/77");
    expect(refusal(answer)).toEqual([404, "ca-set-version-not-found"]);
    expect(problemOf(answer).contextInfo).toEqual({
      caSetId: "1",
      caSetName: (await harness.get(caSet, "/ca-sets/1")).caSetName,
      version: 77,
    });
  });
});

describe("the structure of a version", () => {
  test("GET …/trust-chains tells roots, tops and all issuers", async () => {
    const other = pki.root("Other");
    const crossed = other.crossSign(issuing);
    const id = await harness.createVersion([root, issuing, other, crossed], { allowDuplicateCommonNames: true });
    const chains = await harness.get(trustChains.strict(), `/ca-sets/${id}/versions/1/trust-chains`);
    expect(chains.roots.toSorted()).toEqual([root.fingerprint, other.fingerprint].toSorted());
    const of = (fingerprint: string) => chains.members.find((member) => member.fingerprint === fingerprint);
    expect(of(root.fingerprint)).toMatchObject({ kind: "root", issues: [issuing.fingerprint] });
    expect(of(crossed.fingerprint)).toMatchObject({ kind: "intermediate", issuedBy: [other.fingerprint] });
  });

  test("GET …/bundle.pem is rendered from the DER, in order, under its own media type", async () => {
    const id = await harness.createVersion([issuing, root]);
    const answer = await harness.ask("GET", `/ca-sets/${id}/versions/1/bundle.pem`);
    expect(answer.headers["content-type"]).toContain("application/x-pem-file");
    expect(decodePem(answer.text, { maxBlocks: 10 }).blocks).toHaveLength(2);
    expect(answer.text).toBe(issuing.pem + root.pem);
    const asJson = await harness.ask("GET", `/ca-sets/${id}/versions/1/bundle.pem`, {
      headers: { accept: "application/json" },
    });
    expect(refusal(asJson)).toEqual([406, "media-type-not-acceptable"]);
    expect(problemOf(asJson).contextInfo).toEqual({ allowedMediaTypes: ["application/x-pem-file"] });
  });

  test.each(["trust-chains", "bundle.pem"])("%s of what is not there is not found", async (part) => {
    expect(refusal(await harness.ask("GET", `/ca-sets/99999/versions/1/${part}`))).toEqual([404, "ca-set-not-found"]);
    expect(refusal(await harness.ask("GET", `/ca-sets/1/versions/77/${part}`))).toEqual([
      404,
      "ca-set-version-not-found",
    ]);
  });
});
