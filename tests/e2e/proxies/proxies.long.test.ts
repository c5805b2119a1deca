import { type ActivationNodesView, activationNodes, edgeNodeList } from "@tcm/api-contract";
import { takeSession } from "@tcm/edge";
import { type TestAuthority, type TestCertificate, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance, poll } from "../instance.ts";
import { proxyKinds } from "./proxy-kinds.ts";
import { ProxyNode } from "./proxy-node.ts";
import { ask, type Door, openConnection, SteadyClients } from "./steady-clients.ts";

const pki = testPki({ now: new Date() });
const staying = pki.root("Staying Root");
const leaving = pki.root("Rotating Root 2024");
const next = pki.root("Rotating Root 2026");
const partner = pki.root("Partner Root");
const partnerIssuing = partner.intermediate("Partner Issuing");
/** More than one buffer of HAProxy's holds: 2.6 takes such a set by a reload. */
const many = Array.from({ length: 30 }, (_, i) => pki.root(`Partner ${i} Root`));

const kept = staying.intermediate("Staying Issuing").leaf("kept");
const old = leaving.leaf("old");
const renewed = next.leaf("renewed");
const partnerClient = partnerIssuing.leaf("partner");
const partnerOther = partner.intermediate("Another Issuing").leaf("partner-other");

/** Engines that lose no request of a client that is still trusted, whatever changes. */
const losesNothing = new Set(["staging-edge", "haproxy-3"]);

describe("add, rotate, remove and roll back CAs on real proxies, while clients come and go", () => {
  let instance: Instance;
  let caSetId: string;
  let nodes: readonly ProxyNode[] = [];
  let doors: ReadonlyMap<string, Door>;
  let clients: ReadonlyMap<string, SteadyClients>;

  beforeAll(async () => {
    instance = await Instance.start();
    caSetId = await instance.createSet(
      "partners",
      [staying, leaving].map(({ pem }) => pem),
    );
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    const serverCertificate = pki.root("Edge Server Root").server(hostname);
    nodes = await Promise.all(
      proxyKinds.map((kind) => ProxyNode.start({ instance, kind, caSetId, serverCertificate })),
    );
    doors = new Map([
      ["staging-edge", { port: instance.port("STAGING"), hostname }],
      ...nodes.map(({ kind, port }) => [kind.nodeId, { port, hostname }] as const),
    ]);
    await poll(30_000, "the nodes", async () => {
      const { edgeNodes } = edgeNodeList.parse((await instance.request("GET", "/edge-nodes")).body);
      const connected = edgeNodes.filter(({ network, isConnected }) => network === "STAGING" && isConnected);
      return connected.length >= doors.size || undefined;
    });
    await deploy(1);
    clients = new Map([...doors].map(([nodeId, door]) => [nodeId, new SteadyClients(door, kept)]));
  }, 120_000);

  afterAll(async () => {
    await Promise.all([...(clients?.values() ?? [])].map((steady) => steady.stop()));
    await Promise.all(nodes.map((node) => node.remove()));
    await instance.remove();
  });

  /** What each node said, when all of them have proved it. */
  async function deploy(version: number): Promise<ActivationNodesView> {
    const link = await instance.activate(caSetId, version, "STAGING");
    const ended = await instance.ended(link, 90_000);
    const said = await instance.ask(activationNodes, 200, "GET", `${link}/nodes`);
    expect(ended, JSON.stringify(said)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    expect(said.nodes.map(({ nodeId }) => nodeId).toSorted()).toEqual([...doors.keys()].toSorted());
    expect(said.nodes.map(({ state }) => state)).toEqual(said.nodes.map(() => "verified"));
    return said;
  }

  async function deployNew(anchors: readonly TestAuthority[]): Promise<ActivationNodesView> {
    const options = { requireRootCertificate: false };
    return deploy(
      await instance.createVersion(
        caSetId,
        anchors.map(({ pem }) => pem),
        options,
      ),
    );
  }

  /** On every node at once, by a new connection. */
  async function letIn(client: TestCertificate): Promise<Readonly<Record<string, boolean>>> {
    const answers = await Promise.all(
      [...doors].map(async ([nodeId, door]) => [nodeId, (await ask(door, client)) === 200] as const),
    );
    return Object.fromEntries(answers);
  }

  const everywhere = (answer: boolean) => Object.fromEntries([...doors.keys()].map((nodeId) => [nodeId, answer]));

  /** A session of the client on every node, in both versions of TLS. */
  function sessionsOf(client: TestCertificate) {
    const versions = ["TLSv1.2", "TLSv1.3"] as const;
    return Promise.all(
      [...doors.values()].flatMap(({ port, hostname }) =>
        versions.map((version) => takeSession({ host: "127.0.0.1", port, serverName: hostname }, client, version)),
      ),
    );
  }

  test("a CA is added", async () => {
    expect(await letIn(renewed)).toEqual(everywhere(false));
    await deployNew([staying, leaving, next]);
    expect(await letIn(renewed)).toEqual(everywhere(true));
    expect(await letIn(old)).toEqual(everywhere(true));
  });

  test("the old one is removed: its clients are out before COMPLETE, fresh and resumed, in TLS 1.2 and 1.3", async () => {
    const sessions = await sessionsOf(old);
    const open = await Promise.all([...doors.values()].map((door) => openConnection(door, old)));
    const { nodes: said } = await deployNew([staying, next]);
    expect(open.filter((socket) => !socket.closed)).toEqual([]);
    const resumed = await Promise.all(sessions.map((session) => session.resumes()));
    expect(resumed.filter(Boolean)).toEqual([]);
    expect(await letIn(old)).toEqual(everywhere(false));
    expect(await letIn(renewed)).toEqual(everywhere(true));
    const words = Object.fromEntries(said.map(({ nodeId, detail }) => [nodeId, detail]));
    for (const { kind } of nodes) {
      const proof = kind.engine === "haproxy" ? /2 anchors read back; \d+ connections .* closed/ : /2 probes; workers/;
      expect(words[kind.nodeId]).toMatch(proof);
    }
  });

  test("a roll back lets its clients in again, and its end takes them out again", async () => {
    await deploy(2);
    expect(await letIn(old)).toEqual(everywhere(true));
    await deploy(3);
    expect(await letIn(old)).toEqual(everywhere(false));
  });

  test("an intermediate alone is an anchor, and its root is not", async () => {
    await deployNew([staying, partnerIssuing]);
    expect(await letIn(partnerClient)).toEqual(everywhere(true));
    expect(await letIn(partnerOther)).toEqual(everywhere(false));
    expect(await letIn(renewed)).toEqual(everywhere(false));
  });

  test("a set that takes HAProxy 2.6 a reload is added to and removed from", async () => {
    await deployNew([staying, leaving, ...many]);
    expect(await letIn(old)).toEqual(everywhere(true));
    const sessions = await sessionsOf(old);
    await deployNew([staying, ...many]);
    expect((await Promise.all(sessions.map((session) => session.resumes()))).filter(Boolean)).toEqual([]);
    expect(await letIn(old)).toEqual(everywhere(false));
  });

  test("through all of it no new connection is lost, and no request where connections are kept", async () => {
    await Promise.all([...clients.values()].map((steady) => steady.stop()));
    for (const [nodeId, steady] of clients) {
      expect(steady.fresh.length, nodeId).toBeGreaterThan(50);
      expect(steady.kept.length, nodeId).toBeGreaterThan(100);
      expect(lost(steady.fresh), nodeId).toEqual([]);
      const requests = lost(steady.kept);
      if (losesNothing.has(nodeId)) expect(requests, nodeId).toEqual([]);
      // The race of every reload: the connection ends while a request is on its way, which its client may send again.
      else
        expect(
          requests.filter((answer) => answer !== "ECONNRESET" && answer !== "EPIPE"),
          nodeId,
        ).toEqual([]);
      const numbers = `${steady.fresh.length} connections, ${steady.kept.length} requests on kept ones`;
      console.info(`${nodeId}: ${numbers}, ${requests.length} of them lost`);
    }
  });
});

function lost(answers: readonly (number | string)[]): readonly (number | string)[] {
  return answers.filter((answer) => answer !== 200);
}
