import { join } from "node:path";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance } from "./instance.ts";
import { KeptConnection } from "./kept-connection.ts";
import { askWithOpenssl } from "./openssl-client.ts";
import { type OpensslCertificate, opensslClient, opensslRoot } from "./openssl-pki.ts";

/** What "deployed means proved" means for a removal: edges.md §1.2 for the built-in edge. */
describe.each(["tls1_2", "tls1_3"] as const)("a CA is removed from a deployed set (%s)", (version) => {
  const files = createTemporaryDirectory();
  const sessionFile = join(files, "session.pem");
  let instance: Instance;
  let old: OpensslCertificate;
  let next: OpensslCertificate;
  let oldClient: OpensslCertificate;
  let nextClient: OpensslCertificate;

  beforeAll(async () => {
    [instance, old, next] = await Promise.all([
      Instance.start(),
      opensslRoot(files, "old-root"),
      opensslRoot(files, "next-root"),
    ]);
    oldClient = await opensslClient(files, "client-old", old);
    nextClient = await opensslClient(files, "client-next", next);
  });

  afterAll(async () => {
    await instance.remove();
    removeDirectory(files);
  });

  test("its clients are out before COMPLETE, by every way in, and nobody else notices", async () => {
    const caSetId = await instance.createSet(`removal-${version}`, [old.pem, next.pem]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    const at = { instance, network: "STAGING", hostname, version } as const;
    await instance.deploy(caSetId, 1, ["STAGING"]);

    const before = await askWithOpenssl({ ...at, client: oldClient, saveSession: sessionFile });
    expect(before.status, before.output).toBe(200);
    const oldOpen = await KeptConnection.open({ ...at, client: oldClient });
    const nextOpen = await KeptConnection.open({ ...at, client: nextClient });
    expect(await oldOpen.get()).toBe(200);
    expect(await nextOpen.get()).toBe(200);

    expect(await instance.createVersion(caSetId, [next.pem])).toBe(2);
    const activation = await instance.ended(await instance.activate(caSetId, 2, "STAGING"));
    expect(activation).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });

    // The open connection: no request on it is answered once COMPLETE was said.
    expect(await oldOpen.get()).toBe("closed");
    // A new one, with a full handshake and with the session from before.
    const fresh = await askWithOpenssl({ ...at, client: oldClient });
    expect(fresh.status, fresh.output).toBe(403);
    const resumed = await askWithOpenssl({ ...at, client: oldClient, useSession: sessionFile });
    expect(resumed.resumed, resumed.output).toBe(false);
    expect(resumed.status, resumed.output).toBe(403);
    // Who is still trusted keeps the very same connection.
    expect(await nextOpen.get()).toBe(200);
    nextOpen.close();
  });
});
