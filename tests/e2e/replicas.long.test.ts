import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PostgresServer, postgresMissing } from "../../apps/control-plane/src/testing/postgres-server.ts";
import { Instance, poll } from "./instance.ts";
import { KeptConnection } from "./kept-connection.ts";
import { type OpensslCertificate, opensslClient, opensslRoot } from "./openssl-pki.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: three installations on one PostgreSQL (${missing})`);

const rounds = 12;
const latestDeathMs = 250;
/** Every process of three installations is started on two cores. */
const patienceMs = 60_000;

/** Handshakes one after the other at one edge, by a client that every version trusts. */
class SteadyClient {
  readonly failures: string[] = [];
  handshakes = 0;
  #isWanted = true;
  readonly #running: Promise<void>;

  constructor(instance: Instance, hostname: string, client: OpensslCertificate) {
    this.#running = this.#run(instance, hostname, client);
  }

  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#running;
  }

  async #run(instance: Instance, hostname: string, client: OpensslCertificate): Promise<void> {
    while (this.#isWanted) {
      const status = await KeptConnection.open({ instance, network: "STAGING", hostname, client }).then(
        (connection) => connection.get().finally(() => connection.close()),
        (error: unknown) => String(error),
      );
      if (status !== 200) this.failures.push(String(status));
      this.handshakes += 1;
      await new Promise((resume) => setTimeout(resume, 20));
    }
  }
}

describe.skipIf(missing !== undefined)("three installations on one PostgreSQL, with an edge each", () => {
  const files = createTemporaryDirectory();
  const instances: Instance[] = [];
  let server: PostgresServer;

  beforeAll(async () => {
    server = await PostgresServer.start();
    const environment = {
      TCM_DATABASE: await server.createDatabase("installations"),
      TCM_OPERATOR_KEY: Buffer.alloc(32, 7).toString("base64"),
    };
    for (let i = 0; i < 3; i++) instances.push(await Instance.start(environment));
  }, 180_000);

  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.remove()));
    await server.remove();
    removeDirectory(files);
  });

  test("any control plane or the database dies in a deployment: it completes, and no client fails a handshake", async () => {
    const [first, second] = instances as [Instance, Instance, Instance];
    const [kept, changing] = await Promise.all(["kept", "changing"].map((name) => opensslRoot(files, name)));
    if (kept === undefined || changing === undefined) throw new Error("no certificates");
    const client = await opensslClient(files, "client-kept", kept);
    const caSetId = await first.createSet("replicated", [kept.pem]);
    await first.createVersion(caSetId, [kept.pem, changing.pem]);
    await first.deploy(caSetId, 1, ["STAGING"]);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    const clients = instances.map((instance) => new SteadyClient(instance, hostname, client));
    for (let round = 0; round < rounds; round++) {
      const version = ((round + 1) % 2) + 1;
      const teller = instances[round % 3] ?? first;
      const link = await poll(patienceMs, "a control plane", () => teller.activate(caSetId, version, "STAGING"));
      await new Promise((resume) => setTimeout(resume, (latestDeathMs * round) / rounds));
      if (round % 4 === 3) {
        await server.stop("SIGQUIT");
        await server.start();
      } else {
        const victim = instances[(round + 1) % 3] ?? first;
        const { controlPlane } = await poll(patienceMs, "all processes", async () => victim.processIds());
        process.kill(controlPlane, "SIGKILL");
      }
      expect(await second.ended(link, patienceMs)).toMatchObject({ activationStatus: "COMPLETE" });
    }
    await Promise.all(clients.map((steady) => steady.stop()));
    for (const { failures, handshakes } of clients) {
      expect(failures).toEqual([]);
      expect(handshakes).toBeGreaterThan(rounds);
    }
  });
});
