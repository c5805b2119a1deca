import { execFileSync } from "node:child_process";
import { type ActivationView, activation, activationList, apiBasePath, caSet, edgeNodeList } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { PostgresServer, postgresMissing } from "../../apps/control-plane/src/testing/postgres-server.ts";
import { Instance, poll } from "./instance.ts";
import { type OpensslCertificate, opensslClient, opensslRoot } from "./openssl-pki.ts";
import { askOnce, SteadyClient, type SteadyOptions } from "./steady-client.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: three installations on one PostgreSQL (${missing})`);

const rounds = 12;
const latestDeathMs = 250;
/** Every process of three installations is started on two cores. */
const patienceMs = 120_000;

type Three = readonly [Instance, Instance, Instance];
const names = ["kept", "changing", "third", "stranger"] as const;
type Name = (typeof names)[number];

describe.skipIf(missing !== undefined)("three installations on one PostgreSQL, with an edge each", () => {
  const files = createTemporaryDirectory();
  const roots = new Map<Name, OpensslCertificate>();
  const clients = new Map<Name, OpensslCertificate>();
  let server: PostgresServer;
  let instances: Three;

  beforeAll(async () => {
    server = await PostgresServer.start();
    const environment = {
      TCM_DATABASE: await server.createDatabase("installations"),
      TCM_OPERATOR_KEY: Buffer.alloc(32, 7).toString("base64"),
    };
    const started: Instance[] = [];
    for (let i = 0; i < 3; i++) started.push(await Instance.start(environment));
    instances = started as unknown as Three;
    for (const name of names) {
      const root = await opensslRoot(files, name);
      roots.set(name, root);
      clients.set(name, await opensslClient(files, `client-${name}`, root));
    }
  }, 300_000);

  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.remove()));
    await server.remove();
    removeDirectory(files);
  });

  const pems = (...of: readonly Name[]) => of.map((name) => roots.get(name)?.pem ?? "");
  const client = (name: Name) => clients.get(name) as OpensslCertificate;

  /** A set with a version of each list of roots, the first of them in force on staging; answers what names it. */
  async function deployed(name: string, ...versions: readonly (readonly Name[])[]) {
    const [instance] = instances;
    // What an earlier test killed is being started again.
    for (const { url } of instances)
      await poll(patienceMs, url, async () => (await fetch(`${url}/readyz`)).ok || undefined);
    const [one = [], ...others] = versions;
    const caSetId = await instance.createSet(name, pems(...one));
    for (const members of others) await instance.createVersion(caSetId, pems(...members));
    await instance.deploy(caSetId, 1, ["STAGING"]);
    return { caSetId, hostname: `ca-set-${caSetId}.tcm.internal` };
  }

  /** One client of that name at each edge, each of which has had an answer. */
  async function steady(
    hostname: string,
    name: Name,
    options: Pick<SteadyOptions, "pauseMs" | "keepsConnection"> = {},
  ): Promise<readonly SteadyClient[]> {
    const all = instances.map((instance) => new SteadyClient({ instance, hostname, client: client(name), ...options }));
    for (const one of all) onTestFinished(() => one.stop());
    await Promise.all(all.map(({ hasAnswered }) => hasAnswered));
    return all;
  }

  const stopAll = async (...groups: readonly (readonly SteadyClient[])[]) =>
    void (await Promise.all(groups.flat().map((one) => one.stop())));

  test("any control plane or the database dies in a deployment: it completes, no edge serves a wrong set, and no client fails a handshake", async () => {
    const [first, second] = instances;
    const { caSetId, hostname } = await deployed("replicated", ["kept"], ["kept", "changing"]);
    const trusted = await steady(hostname, "kept", { pauseMs: 20 });
    const connected = await steady(hostname, "kept", { keepsConnection: true });
    const strangers = await steady(hostname, "stranger", { pauseMs: 200 });
    const links: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const version = ((round + 1) % 2) + 1;
      const teller = instances[round % 3] ?? first;
      const link = await poll(patienceMs, "a control plane", () => teller.activate(caSetId, version, "STAGING"));
      links.push(link);
      await new Promise((resume) => setTimeout(resume, (latestDeathMs * round) / rounds));
      if (round % 4 === 3) {
        await server.stop("SIGQUIT");
        await server.start();
      } else {
        // The one that was told, and each of the others.
        const victim = instances[(round + Math.floor(round / 4)) % 3] ?? first;
        const { controlPlane } = await poll(patienceMs, "all processes", async () => victim.processIds());
        process.kill(controlPlane, "SIGKILL");
      }
      expect(await second.ended(link, patienceMs)).toMatchObject({
        activationStatus: "COMPLETE",
        percentComplete: 100,
      });
      const served = await Promise.all(instances.map((instance) => askOnce(instance, hostname, client("changing"))));
      expect(served, `round ${round}`).toEqual(instances.map(() => (version === 2 ? 200 : 403)));
    }
    await stopAll(trusted, connected, strangers);
    for (const group of [trusted, connected])
      expect(group.map(({ answers }) => answers)).toEqual([[200], [200], [200]]);
    expect(strangers.map(({ answers }) => answers)).toEqual([[403], [403], [403]]);
    for (const { asked } of trusted) expect(asked).toBeGreaterThan(rounds);
    const { activations } = await second.ask(activationList, 200, "GET", `/ca-sets/${caSetId}/activations`);
    expect(activations.map(({ activationLink }) => activationLink.slice(apiBasePath.length)).slice(0, rounds)).toEqual(
      links.toReversed(),
    );
  });

  describe("one node first", () => {
    async function begin(instance: Instance, caSetId: string, number: number, observationSeconds: number) {
      const body = { network: "STAGING", strategy: "ONE_NODE_FIRST", observationSeconds };
      const path = `/ca-sets/${caSetId}/versions/${number}/activate`;
      const begun = await poll(patienceMs, "a control plane", () => instance.ask(activation, 202, "POST", path, body));
      const { activationLink, generation, oneNodeFirst } = begun;
      return { link: activationLink.slice(apiBasePath.length), nodeId: oneNodeFirst?.nodeId, generation };
    }

    /** Whose staging edge goes first, and the others. */
    async function split(nodeId: string | undefined): Promise<{ pilot: Instance; rest: readonly Instance[] }> {
      const { edgeNodes } = await instances[0].ask(edgeNodeList, 200, "GET", "/edge-nodes");
      const address = edgeNodes.find((node) => node.nodeId === nodeId)?.address;
      const pilot = instances.find(({ ports }) => address?.endsWith(`:${ports.staging}`));
      if (pilot === undefined) throw new Error(`no installation has ${nodeId} at ${address}`);
      return { pilot, rest: instances.filter((instance) => instance !== pilot) };
    }

    const of = (group: readonly SteadyClient[], some: readonly Instance[]) =>
      group.filter(({ instance }) => some.includes(instance)).map(({ answers }) => answers);
    const numberOf = (generation: string) => Number(generation.split(".")[1]);
    const inForce = async (caSetId: string) =>
      (await instances[0].ask(caSet, 200, "GET", `/ca-sets/${caSetId}`)).stagingVersion;
    const read = async (instance: Instance, link: string): Promise<ActivationView> =>
      activation.parse((await instance.request("GET", link)).body);

    test("the control plane that was told dies while the first node is watched: the rest follow, once, and not before", async () => {
      const { caSetId, hostname } = await deployed("watched", ["kept"], ["kept", "changing"]);
      const [trusted, changing] = [await steady(hostname, "kept"), await steady(hostname, "changing")];
      const [teller, other] = instances;
      const { link, nodeId, generation } = await begin(teller, caSetId, 2, 8);
      await poll(patienceMs, "the proof of the first node", async () => {
        const { oneNodeFirst } = await read(other, link);
        return oneNodeFirst?.provedDate ?? undefined;
      });
      process.kill(teller.processIds().controlPlane, "SIGKILL");
      const ended = await other.ended(link, patienceMs);
      expect(ended).toMatchObject({
        activationStatus: "COMPLETE",
        percentComplete: 100,
        oneNodeFirst: { nodeId, phase: "REST" },
      });
      // One for the first node, and one for all.
      expect(numberOf(ended.generation) - numberOf(generation)).toBe(1);
      const { rest } = await split(nodeId);
      const released = Date.parse(ended.oneNodeFirst?.releasedDate ?? "");
      await poll(patienceMs, "answers after the end", async () =>
        changing.every(({ answers }) => answers.at(-1) === 200) ? true : undefined,
      );
      await stopAll(trusted, changing);
      expect(of(trusted, instances)).toEqual([[200], [200], [200]]);
      expect(of(changing, instances)).toEqual([
        [403, 200],
        [403, 200],
        [403, 200],
      ]);
      for (const { instance, changes } of changing)
        if (rest.includes(instance)) expect(changes[1]?.at).toBeGreaterThanOrEqual(released);
      const { activations } = await other.ask(activationList, 200, "GET", `/ca-sets/${caSetId}/activations`);
      expect(activations.map(({ version }) => version)).toEqual([2, 1]);
    });

    test("clients of the removed CA are refused at the first node: it is put back there, and the others never had it", async () => {
      const { caSetId, hostname } = await deployed("removed", ["kept", "changing"], ["kept", "third"]);
      const [trusted, changing, third] = [
        await steady(hostname, "kept"),
        await steady(hostname, "changing"),
        await steady(hostname, "third", { pauseMs: 200 }),
      ];
      const { link, nodeId } = await begin(instances[2], caSetId, 2, 600);
      const ended = await instances[1].ended(link, patienceMs);
      expect(ended).toMatchObject({ activationStatus: "FAILED", oneNodeFirst: { releasedDate: null } });
      expect(ended.failureReason).toMatch(/clients? whose CA this change removed (was|were) refused/);
      const { pilot, rest } = await split(nodeId);
      const cutOff = changing.find(({ instance }) => instance === pilot);
      await poll(patienceMs, "the old content", async () => (cutOff?.answers.at(-1) === 200 ? true : undefined));
      await stopAll(trusted, changing, third);
      expect(of(trusted, instances)).toEqual([[200], [200], [200]]);
      expect(cutOff?.answers).toEqual([200, 403, 200]);
      expect(of(changing, rest)).toEqual([[200], [200]]);
      expect(of(third, rest)).toEqual([[403], [403]]);
      expect(await inForce(caSetId)).toBe(1);
    });

    test("the first node rejects it, for its disk takes nothing: the others never had it", async () => {
      const { caSetId, hostname } = await deployed("rejected", ["kept"], ["kept", "changing"]);
      const [trusted, changing] = [await steady(hostname, "kept"), await steady(hostname, "changing")];
      // The one that goes first is the connected node with the smallest id: each of them may be it.
      const edges = instances.map((instance) => instance.processIds().staging);
      const limit = (bytes: string) =>
        edges.forEach((pid) => execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]));
      limit("0");
      onTestFinished(() => limit("unlimited"));
      const { link, nodeId } = await begin(instances[0], caSetId, 2, 0);
      const ended = await instances[1].ended(link, patienceMs);
      expect(ended).toMatchObject({ activationStatus: "FAILED", oneNodeFirst: { nodeId, releasedDate: null } });
      expect(ended.failureReason).toContain(`Rejected by ${nodeId}: disk-write-failed: `);
      limit("unlimited");
      await poll(patienceMs, "the first node to serve what it should", async () => {
        const { edgeNodes } = await instances[0].ask(edgeNodeList, 200, "GET", "/edge-nodes");
        return edgeNodes.find((node) => node.nodeId === nodeId)?.isDrifted === false ? true : undefined;
      });
      await stopAll(trusted, changing);
      expect(of(trusted, instances)).toEqual([[200], [200], [200]]);
      expect(of(changing, instances)).toEqual([[403], [403], [403]]);
      expect(await inForce(caSetId)).toBe(1);
    });
  });
});
