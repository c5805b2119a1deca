import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { caSet, edgeNode } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Instance, poll } from "./instance.ts";
import { askWithCurl } from "./openssl-client.ts";
import { type OpensslCertificate, opensslClient, opensslRoot } from "./openssl-pki.ts";

describe("a deployment that cannot succeed on a node ends, and holds up nothing else", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let root: OpensslCertificate;
  let client: OpensslCertificate;

  beforeAll(async () => {
    [instance, root] = await Promise.all([Instance.start(), opensslRoot(files, "failure-root")]);
    client = await opensslClient(files, "client-failure", root);
  });

  afterAll(async () => {
    await instance.remove();
    removeDirectory(files);
  });

  test("an entry that an edge rejects fails with the reason, while another set is deployed", async () => {
    const other = testPki({ now: new Date() }).root("Not to be stored");
    // Where the edge would keep the certificate there is a directory: it cannot write it.
    mkdirSync(join(instance.directory, "edges/staging/certificates", `${other.fingerprint}.der`), { recursive: true });
    const rejected = await instance.createSet("rejected", [other.pem]);
    const good = await instance.createSet("good", [root.pem]);
    const [first, second] = await Promise.all([
      instance.activate(rejected, 1, "STAGING").then((link) => instance.ended(link)),
      instance.activate(good, 1, "STAGING").then((link) => instance.ended(link)),
    ]);
    expect(first).toMatchObject({ activationStatus: "FAILED" });
    expect(first.failureReason).toMatch(/staging-edge.*disk-write-failed/);
    expect(second).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    expect((await instance.ask(caSet, 200, "GET", `/ca-sets/${rejected}`)).stagingVersion).toBeNull();
    const answer = await askWithCurl({ instance, network: "STAGING", hostname: `ca-set-${good}.tcm.internal`, client });
    expect(answer.status, answer.stderr).toBe(200);
    rmSync(join(instance.directory, "edges/staging/certificates", `${other.fingerprint}.der`), { recursive: true });
  });

  test("an activation with a stopped edge ends at its deadline with the node named, and the edge converges when it is back", async () => {
    // Of its own: with so short a deadline, what the other tests deploy would fail on a busy machine.
    const hasty = await Instance.start({ TCM_DEPLOYMENT_DEADLINE: "3" });
    onTestFinished(() => hasty.remove());
    const caSetId = await hasty.createSet("late", [root.pem]);
    const { production } = hasty.processIds();
    process.kill(production, "SIGSTOP");
    try {
      const failed = await hasty.ended(await hasty.activate(caSetId, 1, "PRODUCTION"));
      expect(failed).toMatchObject({ activationStatus: "FAILED", percentComplete: 0 });
      expect(failed.failureReason).toContain("production-edge");
      expect((await hasty.ask(caSet, 200, "GET", `/ca-sets/${caSetId}`)).productionVersion).toBe(1);
    } finally {
      process.kill(production, "SIGCONT");
    }
    await poll(120_000, "convergence", async () => {
      const { isDrifted } = await hasty.ask(edgeNode, 200, "GET", "/edge-nodes/production-edge");
      return isDrifted ? undefined : true;
    });
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    const answer = await askWithCurl({ instance: hasty, network: "PRODUCTION", hostname, client });
    expect(answer.status, answer.stderr).toBe(200);
  });

  test("edges serve on while the control plane is away, and after a restart of their own", async () => {
    const caSetId = await instance.createSet("lonely", [root.pem]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    await instance.deploy(caSetId, 1, ["STAGING"]);
    const { controlPlane, staging } = instance.processIds();
    process.kill(controlPlane, "SIGKILL");
    const alone = await askWithCurl({ instance, network: "STAGING", hostname, client });
    expect(alone.status, alone.stderr).toBe(200);
    process.kill(staging, "SIGKILL");
    await poll(120_000, "the edge again", async () => {
      const { status } = await askWithCurl({ instance, network: "STAGING", hostname, client });
      return status === 200 ? true : undefined;
    });
  });
});
