import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { activationNodes, caSet, edgeCertificate } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance } from "./instance.ts";
import { askWithCurl, askWithOpenssl } from "./openssl-client.ts";
import { type OpensslCertificate, opensslClient, opensslIntermediate, opensslRoot } from "./openssl-pki.ts";

/** The journey of the specification, by the API, with certificates and clients of OpenSSL and curl. */
describe("create a set, try it on staging, promote it, bind a hostname to it", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let root: OpensslCertificate;
  let issuing: OpensslCertificate;
  let client: OpensslCertificate;
  let stranger: OpensslCertificate;

  beforeAll(async () => {
    [instance, root] = await Promise.all([Instance.start(), opensslRoot(files, "partner-root")]);
    issuing = await opensslIntermediate(files, "partner-issuing", root);
    client = await opensslClient(files, "client-1", issuing);
    stranger = await opensslClient(files, "client-stranger", await opensslRoot(files, "other-root"));
  });

  afterAll(async () => {
    await instance.remove();
    removeDirectory(files);
  });

  test("a client is accepted on the trial name of staging, before production knows the set", async () => {
    const caSetId = await instance.createSet("journey", [root.pem, issuing.pem]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    await instance.deploy(caSetId, 1, ["STAGING"]);
    const answer = await askWithOpenssl({ instance, network: "STAGING", hostname, client });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({
      network: "STAGING",
      hostname,
      version: 1,
      clientCertificate: { subject: "CN=client-1, O=Partner", issuer: "CN=partner-issuing, O=Partner" },
    });
    const onProduction = await askWithOpenssl({ instance, network: "PRODUCTION", hostname, client });
    expect(onProduction.status).toBeUndefined();
  });

  test("a stranger, and a client without a certificate, get 403 with the code", async () => {
    const caSetId = await instance.createSet("refusals", [root.pem]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    await instance.deploy(caSetId, 1, ["STAGING"]);
    const refused = await askWithCurl({ instance, network: "STAGING", hostname, client: stranger });
    expect(refused.status).toBe(403);
    expect(refused.body).toContain("issuer-not-found");
    const bare = await askWithCurl({ instance, network: "STAGING", hostname });
    expect(bare.status).toBe(403);
    expect(bare.body).toContain("client-certificate-missing");
  });

  test("a set of an intermediate alone, Require Root off, accepts its clients on both networks", async () => {
    const caSetId = await instance.createSet("pinned", [issuing.pem], { requireRootCertificate: false });
    await instance.deploy(caSetId, 1);
    for (const network of ["STAGING", "PRODUCTION"] as const) {
      const answer = await askWithCurl({ instance, network, hostname: `ca-set-${caSetId}.tcm.internal`, client });
      expect(answer.status, answer.stderr).toBe(200);
    }
  });

  test("Require Root on refuses the same intermediate and says what to add", async () => {
    const { caSetId } = await instance.ask(caSet, 201, "POST", "/ca-sets", { caSetName: "rootless" });
    const answer = await instance.request("POST", `/ca-sets/${caSetId}/versions`, {
      certificates: [{ certificatePem: issuing.pem }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      type: "/mtls-edge-truststore/error-types/certificate-validation-failure-create",
      errors: [{ type: "/mtls-edge-truststore/error-types/issuer-not-in-set", pointer: "/certificates/0" }],
    });
  });

  test("a hostname is bound once the set is on both networks, and then the set cannot be deactivated", async () => {
    const caSetId = await instance.createSet("bound", [root.pem]);
    const request = {
      hostnames: ["shop.example"],
      clientAuthentication: { caSetId, mode: "deny", sendCaListToClient: false },
    };
    await instance.deploy(caSetId, 1, ["STAGING"]);
    expect(await instance.refusal(409, "POST", "/edge-certificates", request)).toBe("ca-set-not-on-both-networks");
    await instance.deploy(caSetId, 1, ["PRODUCTION"]);
    const { edgeCertificateId } = await instance.ask(edgeCertificate, 201, "POST", "/edge-certificates", request);
    const bound = `/edge-certificates/${edgeCertificateId}`;
    await expect
      .poll(async () => (await instance.ask(edgeCertificate, 200, "GET", bound)).production.status, { timeout: 60_000 })
      .toBe("COMPLETE");
    const answer = await askWithCurl({ instance, network: "PRODUCTION", hostname: "shop.example", client });
    expect(answer.status, answer.stderr).toBe(200);
    const deactivate = `/ca-sets/${caSetId}/versions/1/deactivate`;
    expect(await instance.refusal(409, "POST", deactivate, { network: "PRODUCTION" })).toBe(
      "ca-set-in-use-by-enrollments",
    );
  });

  test("every node of an activation is named with how far it has come", async () => {
    const caSetId = await instance.createSet("nodes", [root.pem]);
    const link = await instance.activate(caSetId, 1, "STAGING");
    expect(await instance.ended(link)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    const { nodes } = await instance.ask(activationNodes, 200, "GET", `${link}/nodes`);
    expect(nodes).toMatchObject([{ nodeId: "staging-edge", state: "verified", requiredLevel: "verified" }]);
  });

  test("the same journey by the command line: upload and deploy of a file with two certificates", async () => {
    const file = join(files, "bundle.pem");
    writeFileSync(file, root.pem + issuing.pem);
    await instance.tcm("upload", "by-command", file);
    const shown = await instance.tcm("deploy", "by-command", "--wait");
    expect(shown).toContain("COMPLETE");
    const listed = JSON.parse(await instance.tcm("sets", "list", "--json")) as { readonly caSets: readonly unknown[] };
    expect(listed.caSets).toContainEqual(
      expect.objectContaining({ caSetName: "by-command", stagingVersion: 1, productionVersion: 1 }),
    );
  });
});
