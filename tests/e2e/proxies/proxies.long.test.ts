import { type TestAuthority, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proxyKinds } from "./proxy-kinds.ts";
import { type EndedDeployment, ProxyNetwork } from "./proxy-network.ts";
import { openConnection, SteadyClients } from "./steady-clients.ts";

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
/**
 * The clients run in the process of the test: one that stood still for longer than the idle timeout, half of the grace, would lose its next
 * request to that, and not to a change.
 */
const patient = ["--grace", "30"];

describe("add, rotate, remove and roll back CAs on real proxies, while clients come and go", () => {
  let network: ProxyNetwork;
  let clients: ReadonlyMap<string, SteadyClients> = new Map();

  beforeAll(async () => {
    network = await ProxyNetwork.start(
      [staying, leaving],
      proxyKinds.map((kind) => ({ kind, options: losesNothing.has(kind.nodeId) ? patient : [] })),
    );
    clients = new Map([...network.doors].map(([nodeId, door]) => [nodeId, new SteadyClients(door, kept)]));
  }, 300_000);

  afterAll(async () => {
    await Promise.all([...clients.values()].map((steady) => steady.stop()));
    await network.remove();
  });

  /** Every node has proved it. */
  function expectProved({ activation, said }: EndedDeployment): EndedDeployment {
    expect(activation, JSON.stringify(said)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    expect(said.nodes.map(({ nodeId }) => nodeId).toSorted()).toEqual([...network.doors.keys()].toSorted());
    expect(said.nodes.map(({ state }) => state)).toEqual(said.nodes.map(() => "verified"));
    return { activation, said };
  }

  const deployNew = async (anchors: readonly TestAuthority[]) => expectProved(await network.deployNew(anchors));

  test("a CA is added", async () => {
    expect(await network.letIn(renewed)).toEqual(network.everywhere(false));
    await deployNew([staying, leaving, next]);
    expect(await network.letIn(renewed)).toEqual(network.everywhere(true));
    expect(await network.letIn(old)).toEqual(network.everywhere(true));
  });

  test("the old one is removed: its clients are out before COMPLETE, fresh and resumed, in TLS 1.2 and 1.3", async () => {
    const sessions = await network.sessionsOf(old);
    const open = await Promise.all([...network.doors.values()].map((door) => openConnection(door, old)));
    const { said } = await deployNew([staying, next]);
    expect(open.filter((socket) => !socket.closed)).toEqual([]);
    expect((await Promise.all(sessions.map((session) => session.resumes()))).filter(Boolean)).toEqual([]);
    expect(await network.letIn(old)).toEqual(network.everywhere(false));
    expect(await network.letIn(renewed)).toEqual(network.everywhere(true));
    const words = Object.fromEntries(said.nodes.map(({ nodeId, detail }) => [nodeId, detail]));
    for (const { kind } of network.nodes) {
      const proof = kind.engine === "haproxy" ? /2 anchors read back; \d+ connections .* closed/ : /2 probes; workers/;
      expect(words[kind.nodeId]).toMatch(proof);
    }
  });

  test("a roll back lets its clients in again, and its end takes them out again", async () => {
    expectProved(await network.deploy(2));
    expect(await network.letIn(old)).toEqual(network.everywhere(true));
    expectProved(await network.deploy(3));
    expect(await network.letIn(old)).toEqual(network.everywhere(false));
  });

  test("an intermediate alone is an anchor, and its root is not", async () => {
    await deployNew([staying, partnerIssuing]);
    expect(await network.letIn(partnerClient)).toEqual(network.everywhere(true));
    expect(await network.letIn(partnerOther)).toEqual(network.everywhere(false));
    expect(await network.letIn(renewed)).toEqual(network.everywhere(false));
  });

  test("a set that takes HAProxy 2.6 a reload is added to and removed from", async () => {
    await deployNew([staying, leaving, ...many]);
    expect(await network.letIn(old)).toEqual(network.everywhere(true));
    const sessions = await network.sessionsOf(old);
    await deployNew([staying, ...many]);
    expect((await Promise.all(sessions.map((session) => session.resumes()))).filter(Boolean)).toEqual([]);
    expect(await network.letIn(old)).toEqual(network.everywhere(false));
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
