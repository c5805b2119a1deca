import {
  activation,
  type ActivationView,
  activationList,
  apiBasePath,
  associations,
  caSet,
  createdApiClient,
  deletionStatus,
  edgeCertificate,
  validateResponse,
  version,
} from "@tcm/api-contract";
import { type Network, networks } from "@tcm/core";
import { fixedClock, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../testing/api-client.ts";
import { certificateList, ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { type EdgegridSecrets, edgegridHeader, readEdgerc } from "../testing/edgegrid-signer.ts";

/** The client's side of TLS knows no other time than the machine's. */
const startedAt = new Date(Math.floor(Date.now() / 1_000) * 1_000);
const pki = testPki({ now: startedAt });
/** No root in the set, and two CAs of one name: what mETS allows, and what API clients of its profile may do. */
const first = pki.root("Partner Root").intermediate("Partner Issuing");
const second = pki.root("Other Partner Root").intermediate("Partner Issuing");

let plane: ControlPlaneHarness;
let secrets: EdgegridSecrets;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start({
    clock: fixedClock(startedAt.toISOString()),
    listen: { tls: "self-signed" },
  });
  await plane.connectLocalNodes();
  const body = { name: "Terraform", role: "admin", profile: "mets" };
  secrets = readEdgerc(expectStatus(await plane.ask("POST", "/api-clients", { body }), 201, createdApiClient).edgerc);
});
afterAll(() => plane.remove());

/** Signed as official clients sign, over TLS. */
function ask(method: string, path: string, content?: object): Promise<Answer> {
  const target = path.startsWith(apiBasePath) ? path : apiBasePath + path;
  const body = content === undefined ? undefined : JSON.stringify(content);
  const signed = { method, path: target, now: plane.clock.now(), ...(body !== undefined && { body }) };
  const headers = {
    authorization: edgegridHeader(secrets, signed),
    ...(body !== undefined && { "content-type": "application/json" }),
  };
  return plane.ask(method, `/${target}`, { token: null, headers, ...(body !== undefined && { raw: body }) });
}

/** Asks again until the answer is no 202 any more; the date in Retry-After has to be one, and is not waited for here. */
async function followed(link: string): Promise<Answer> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await ask("GET", link);
    if (answer.status !== 202) return answer;
    expect(new Date(answer.headers["retry-after"] ?? "").toUTCString()).toBe(answer.headers["retry-after"]);
    if (Date.now() > deadline) throw new Error(`it does not end: ${answer.text}`);
  }
}

async function change(kind: "activate" | "deactivate", path: string, network: Network): Promise<ActivationView> {
  const answer = await ask("POST", `${path}/${kind}`, { network });
  const begun = expectStatus(answer, 202, activation);
  expect(answer.headers.location).toBe(begun.activationLink);
  return expectStatus(await followed(begun.activationLink), 200, activation);
}

describe("the life of a set as Terraform drives it, signed with EdgeGrid over TLS", () => {
  test("validate, create, activate, associate, update, deactivate, delete", async () => {
    const upload = { allowInsecureSha1: false, certificates: certificateList([first]) };
    const plan = expectStatus(await ask("POST", "/certificates/validate", upload), 200, validateResponse);
    expect(plan.validation.warnings).toEqual([]);

    const create = await ask("POST", "/ca-sets", { caSetName: "terraform" });
    const { caSetId, caSetLink } = expectStatus(create, 201, caSet);
    const created = expectStatus(await ask("POST", `${caSetLink}/versions`, upload), 201, version);
    expect(created).toMatchObject({ version: 1, requireRootCertificate: false, allowDuplicateCommonNames: true });
    expect(expectStatus(await ask("GET", caSetLink), 200, caSet).latestVersion).toBe(1);

    for (const network of networks)
      expect(await change("activate", created.versionLink, network)).toMatchObject({ activationStatus: "COMPLETE" });
    const imported = expectStatus(await ask("GET", `${caSetLink}/activations`), 200, activationList).activations;
    const isLive = (network: Network) => (one: ActivationView) =>
      one.network === network && one.activationType === "ACTIVATE" && one.activationStatus === "COMPLETE";
    for (const network of networks) expect(imported.find(isLive(network))?.version).toBe(1);

    const bind = { hostnames: ["terraform.example"], clientAuthentication: { caSetId } };
    const bound = expectStatus(await ask("POST", "/edge-certificates", bind), 201, edgeCertificate);
    const used = expectStatus(await ask("GET", `${caSetLink}/associations`), 200, associations).associations;
    expect(used.enrollments?.map(({ cn }) => cn)).toEqual(["terraform.example"]);

    const clone = expectStatus(await ask("POST", `${created.versionLink}/clone`), 201, version);
    const both = { ...upload, certificates: certificateList([first, second]), description: "two issuers" };
    const updated = expectStatus(await ask("PUT", clone.versionLink, both), 200, version);
    expect(updated).toMatchObject({ version: 2, description: "two issuers" });
    for (const network of networks) await change("activate", updated.versionLink, network);
    expect(expectStatus(await ask("GET", caSetLink), 200, caSet)).toMatchObject({
      stagingVersion: 2,
      productionVersion: 2,
    });

    expect((await ask("DELETE", caSetLink)).status).toBe(409);
    expect((await ask("DELETE", `${bound.edgeCertificateLink}?confirm=true`)).status).toBe(204);
    for (const network of networks) await change("deactivate", updated.versionLink, network);
    const remove = await ask("DELETE", caSetLink);
    expect([remove.status, remove.text]).toEqual([202, ""]);
    const gone = expectStatus(await followed(remove.headers.location ?? ""), 200, deletionStatus);
    expect(gone.deletions.map(({ network, status }) => [network, status])).toEqual([
      ["STAGING", "COMPLETE"],
      ["PRODUCTION", "COMPLETE"],
    ]);
    expect(expectStatus(await ask("GET", caSetLink), 200, caSet).caSetStatus).toBe("DELETED");
  });
});
