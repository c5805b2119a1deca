import { activationList, apiBasePath, caSet } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance, poll } from "./instance.ts";
import { askWithCurl } from "./openssl-client.ts";
import { type OpensslCertificate, opensslClient, opensslRoot } from "./openssl-pki.ts";

const rounds = 24;
/** A deployment takes some 100 ms, so that a death falls anywhere in it, before it and after it. */
const latestDeathMs = 250;

describe("kill -9 of the control plane or an edge at any moment of a deployment", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let roots: readonly OpensslCertificate[];
  let clients: readonly OpensslCertificate[];

  beforeAll(async () => {
    instance = await Instance.start();
    roots = await Promise.all(["crash-a", "crash-b"].map((name) => opensslRoot(files, name)));
    clients = await Promise.all(roots.map((root) => opensslClient(files, `client-${root.name}`, root)));
  });

  afterAll(async () => {
    await instance.remove();
    removeDirectory(files);
  });

  test(`loses nothing that was acknowledged and ends every deployment once, ${rounds} times`, async () => {
    const caSetId = await instance.createSet("crash", [roots[0]?.pem ?? ""]);
    await instance.createVersion(caSetId, [roots[1]?.pem ?? ""]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const version = (round % 2) + 1;
      const link = await poll(120_000, "a control plane", () => instance.activate(caSetId, version, "STAGING"));
      acknowledged.push(link);
      await new Promise((resume) => setTimeout(resume, (latestDeathMs * round) / rounds));
      const { controlPlane, staging } = await poll(120_000, "all processes", async () => instance.processIds());
      process.kill(round % 3 === 2 ? staging : controlPlane, "SIGKILL");
      expect(await instance.ended(link)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
      const served = await poll(120_000, "the staging edge", async () => {
        const { status } = await askWithCurl({
          instance,
          network: "STAGING",
          hostname,
          client: clients[version - 1] as OpensslCertificate,
        });
        return status === 200 ? status : undefined;
      });
      expect(served).toBe(200);
      const other = await askWithCurl({
        instance,
        network: "STAGING",
        hostname,
        client: clients[2 - version] as OpensslCertificate,
      });
      expect(other.status).toBe(403);
    }
    const { activations } = await instance.ask(activationList, 200, "GET", `/ca-sets/${caSetId}/activations`);
    const recorded = activations.map(({ activationLink }) => activationLink.slice(apiBasePath.length));
    expect(recorded.toReversed()).toEqual(acknowledged);
    expect((await instance.ask(caSet, 200, "GET", `/ca-sets/${caSetId}`)).stagingVersion).toBe(((rounds - 1) % 2) + 1);
  });

  test("the whole product killed hard and started again serves what it served, with nothing lost", async () => {
    const caSetId = await instance.createSet("all-killed", [roots[0]?.pem ?? ""]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    await instance.deploy(caSetId, 1, ["STAGING"]);
    await instance.stop("SIGKILL");
    await poll(120_000, "the ports to be free", async () => instance.start());
    const answer = await askWithCurl({
      instance,
      network: "STAGING",
      hostname,
      client: clients[0] as OpensslCertificate,
    });
    expect(answer.status, answer.stderr).toBe(200);
    expect((await instance.ask(caSet, 200, "GET", `/ca-sets/${caSetId}`)).stagingVersion).toBe(1);
  });
});
