import { effectiveTrust, trustChains, validateResponse, verification, versionDiff } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { certificateList, ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";

const pki = testPki();
const root = pki.root("Trust Root");
const issuing = root.intermediate("Issuing 1");
const other = pki.root("Other Root");
const leaf = issuing.leaf("client-1");
const stranger = pki.root("Stranger Root").leaf("stranger");

let plane: ControlPlaneHarness;
let id: string;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
  id = await plane.createVersion([root, issuing]);
});
afterAll(() => plane.remove());

const verify = (path: string, body: object) => plane.ask("POST", `/ca-sets/${id}${path}`, { body });

describe("POST /ca-sets/{id}/versions/{v}/verify", () => {
  test("accepts a client whose chain ends at an anchor, with its path, on a version that was never deployed", async () => {
    const answer = await verify("/versions/1/verify", { clientChainPem: leaf.pem });
    const result = expectStatus(answer, 200, verification.strict());
    expect(result).toMatchObject({ caSetId: id, version: 1, network: null, verdict: "accepted" });
    expect(result.path?.map(({ subject }) => subject)).toEqual(["CN=client-1", "CN=Issuing 1"]);
  });

  test("refuses a stranger with the reason, its clause and every attempted path", async () => {
    const answer = await verify("/versions/1/verify", { clientChainPem: stranger.pem });
    const result = expectStatus(answer, 200, verification.strict());
    expect(result.verdict).toBe("refused");
    expect(result.path).toBeUndefined();
    expect(result.reason).toMatchObject({ code: "issuer-not-found", cites: "RFC 5280 §6.1", index: 0 });
    expect(result.attempts.length).toBeGreaterThan(0);
  });

  test("decides for the time asked about", async () => {
    const time = new Date((leaf.certificate.notAfter + 1) * 1000).toISOString();
    const answer = await verify("/versions/1/verify", { clientChainPem: leaf.pem, time });
    expect(answer.body).toMatchObject({ verdict: "refused", reason: { code: "expired" } });
  });

  test("refuses a private key by its line, and keeps nothing of it", async () => {
    const answer = await verify("/versions/1/verify", { clientChainPem: `${leaf.pem}${leaf.privateKeyPem}` });
    expect(refusal(answer)).toEqual([400, "certificate-validation-failure"]);
    expect(problemOf(answer).errors?.[0]).toMatchObject({
      type: "/mtls-edge-truststore/error-types/unexpected-pem-block",
      pointer: "/clientChainPem",
    });
    const secret = leaf.privateKeyPem.split("\n")[1] ?? "";
    expect(secret.length).toBeGreaterThan(20);
    expect(answer.text).not.toContain(secret);
    expect(plane.everythingWritten).not.toContain(secret);
  });

  test.each([
    [{ clientChainPem: "no certificate at all" }, "certificate-validation-failure"],
    [{ clientChainPem: "" }, "json-schema-validation-error"],
    [{ clientChainPem: "x".repeat(262_145) }, "json-schema-validation-error"],
    [{}, "json-schema-validation-error"],
    [{ clientChainPem: leaf.pem, time: "soon" }, "json-schema-validation-error"],
    [{ clientChainPem: leaf.pem, privateKey: "x" }, "json-schema-validation-error"],
  ])("refuses what is no chain (%#)", async (body, slug) => {
    expect(refusal(await verify("/versions/1/verify", body))).toEqual([400, slug]);
  });

  test("is undetermined, which an edge refuses, when the client presents more than an edge looks at", async () => {
    const many = Array.from({ length: 11 }, (_, i) => root.leaf(`many-${i}`).pem).join("");
    const answer = await verify("/versions/1/verify", { clientChainPem: many });
    expect(answer.body).toMatchObject({ verdict: "undetermined", reason: { code: "budget-presented" } });
  });

  test("answers 404 for an unknown version and needs no more than a viewer", async () => {
    const unknown = await verify("/versions/9/verify", { clientChainPem: leaf.pem });
    expect(refusal(unknown)).toEqual([404, "ca-set-version-not-found"]);
    const asked = { body: { clientChainPem: leaf.pem }, token: plane.viewer };
    expect((await plane.ask("POST", `/ca-sets/${id}/versions/1/verify`, asked)).status).toBe(200);
  });
});

describe("POST /ca-sets/{id}/verify?network=", () => {
  test("decides by what the network serves now", async () => {
    const none = await verify("/verify?network=STAGING", { clientChainPem: leaf.pem });
    expect(refusal(none)).toEqual([409, "ca-set-version-not-active-on-network"]);
    await plane.ended(await plane.activate(id, 1, "STAGING"));
    const answer = await verify("/verify?network=STAGING", { clientChainPem: leaf.pem });
    expect(answer.body).toMatchObject({ version: 1, network: "STAGING", verdict: "accepted" });
    const missing = await verify("/verify", { clientChainPem: leaf.pem });
    expect(refusal(missing)).toEqual([400, "missing-required-query-parameter"]);
    expect(problemOf(missing).contextInfo).toEqual({ parameterName: "network" });
  });
});

describe("GET /ca-sets/{id}/versions/{v}/diff", () => {
  test("tells what is added, removed and kept, which options change, and who really loses access", async () => {
    const set = await plane.createVersion([issuing, other], { requireRootCertificate: false });
    await plane.createVersion([root], {}, set);
    const answer = await plane.ask("GET", `/ca-sets/${set}/versions/2/diff?against=1`);
    const diff = expectStatus(answer, 200, versionDiff.strict());
    expect(diff).toMatchObject({ caSetId: set, version: 2, against: 1, keptCount: 0 });
    expect(diff.added.map(({ fingerprint }) => fingerprint)).toEqual([root.fingerprint]);
    expect(diff.removed.map(({ fingerprint }) => fingerprint)).toEqual([issuing.fingerprint, other.fingerprint]);
    expect(diff.options).toEqual([{ option: "requireRootCertificate", from: false, to: true }]);
    expect(diff.effect.losesAccess).toEqual([{ subject: "CN=Other Root", fingerprint: other.fingerprint }]);
    expect(diff.effect.stillTrusted).toEqual([
      { subject: "CN=Issuing 1", fingerprint: issuing.fingerprint, by: [root.fingerprint] },
    ]);
  });

  test("says the same of certificates that are not saved yet", async () => {
    const set = await plane.createVersion([issuing, other], { requireRootCertificate: false });
    const against = { caSetId: set, version: 1 };
    const body = { certificates: certificateList([root, root]), against };
    const draft = expectStatus(
      await plane.ask("POST", "/certificates/validate", { body }),
      200,
      validateResponse.strict(),
    );
    await plane.createVersion([root], {}, set);
    const saved = await plane.ask("GET", `/ca-sets/${set}/versions/2/diff?against=1`);
    expect(expectStatus(saved, 200, versionDiff.strict())).toMatchObject({ ...draft.changes });
    expect(draft.changes?.effect.losesAccess).toEqual([{ subject: "CN=Other Root", fingerprint: other.fingerprint }]);
  });

  test("of certificates that are not saved needs a version to compare with, and certificates that are good", async () => {
    const ask = (members: Parameters<typeof certificateList>[0], version: number) =>
      plane.ask("POST", "/certificates/validate", {
        body: { certificates: certificateList(members), against: { caSetId: id, version } },
      });
    expect(refusal(await ask([root], 9))).toEqual([404, "ca-set-version-not-found"]);
    expect(refusal(await ask([issuing], 1))).toEqual([400, "certificate-validation-failure"]);
  });

  test("is empty between a version and itself", async () => {
    const answer = await plane.ask("GET", `/ca-sets/${id}/versions/1/diff?against=1`);
    expect(answer.body).toMatchObject({ added: [], removed: [], options: [], keptCount: 2 });
  });

  test("refuses a missing, a malformed and an unknown version to compare with", async () => {
    const ask = async (query: string) => refusal(await plane.ask("GET", `/ca-sets/${id}/versions/1/diff${query}`));
    expect(await ask("")).toEqual([400, "missing-required-query-parameter"]);
    expect(await ask("?against=one")).toEqual([400, "invalid-field"]);
    expect(await ask("?against=9")).toEqual([404, "ca-set-version-not-found"]);
  });
});

describe("what a version trusts", () => {
  test("is shown as structure and as the effect of every anchor", async () => {
    const chains = await plane.get(trustChains.strict(), `/ca-sets/${id}/versions/1/trust-chains`);
    expect(chains.roots).toEqual([root.fingerprint]);
    const trust = await plane.get(effectiveTrust.strict(), `/ca-sets/${id}/versions/1/effective-trust`);
    expect(trust.anchors.map(({ role, covers }) => [role, covers])).toEqual([
      ["widening", [issuing.fingerprint]],
      ["pinned", []],
    ]);
    expect(trust.pinning.kept).toEqual([issuing.fingerprint]);
  });
});
