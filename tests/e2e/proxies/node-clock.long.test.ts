import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { activationNodes, edgeNode } from "@tcm/api-contract";
import { createTemporaryDirectory, freePorts, removeDirectory, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance, poll } from "../instance.ts";
import { Program } from "./child-process.ts";
import { enrolNode } from "./enrolled-node.ts";
import { ask, type Door } from "./steady-clients.ts";

const agentMain = resolve(import.meta.dirname, "../../../apps/agent/src/main.ts");
const shiftedClock = pathToFileURL(resolve(import.meta.dirname, "shifted-clock.ts")).href;

const hour = 3_600;
const pki = testPki({ now: new Date() });
const staying = pki.root("Staying Root");
/** Good for another five hours, and good since an hour ago. */
const ending = pki.root("Ending Root", { notBefore: pki.now - 30 * 24 * hour, notAfter: pki.now + 5 * hour });
const fresh = pki.root("Fresh Root", { notBefore: pki.now - hour });
const [kept, late, early] = [staying.leaf("kept"), ending.leaf("late"), fresh.leaf("early")];

const clocks = [
  { nodeId: "clock-ahead", hours: 8 },
  { nodeId: "clock-behind", hours: -8 },
] as const;

describe("nodes whose clocks are hours off", () => {
  let instance: Instance;
  let directory: string;
  let caSetId: string;
  const agents = new Map<string, Program>();
  const doors = new Map<string, Door>();

  beforeAll(async () => {
    instance = await Instance.start();
    directory = createTemporaryDirectory();
    const pems = [staying, ending, fresh].map(({ pem }) => pem);
    caSetId = await instance.createSet("clocks", pems);
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    doors.set("staging-edge", { port: instance.port("STAGING"), hostname });
    const ports = await freePorts(clocks.length);
    for (const [i, { nodeId, hours }] of clocks.entries()) {
      const port = ports[i] ?? 0;
      const identity = join(directory, `${nodeId}.json`);
      await enrolNode(instance, { nodeId, engine: "built-in" }, identity);
      const args = ["--identity", identity, "--data", join(directory, nodeId), "--port", String(port)];
      const agent = new Program(process.execPath, ["--import", `${shiftedClock}?hours=${hours}`, agentMain, ...args]);
      agent.start();
      agents.set(nodeId, agent);
      doors.set(nodeId, { port, hostname });
    }
    for (const { nodeId } of clocks)
      await poll(120_000, nodeId, async () => (await nodeOf(nodeId)).isConnected || undefined);
  }, 300_000);
  afterAll(async () => {
    await Promise.all([...agents.values()].map((agent) => agent.stop("SIGKILL")));
    await instance.remove();
    removeDirectory(directory);
  });

  const nodeOf = (nodeId: string) => instance.ask(edgeNode, 200, "GET", `/edge-nodes/${nodeId}`);
  /** What an agent says comes after what it does. */
  const inLog = (nodeId: string, words: string) =>
    poll(120_000, `"${words}" in the log`, async () => agents.get(nodeId)?.output.includes(words) || undefined);

  test("are told apart by how far they are off: by the API, and in the log of each agent", async () => {
    for (const { nodeId, hours } of clocks) {
      const { clockSkewSeconds } = await nodeOf(nodeId);
      expect(Math.abs((clockSkewSeconds ?? 0) - hours * hour), nodeId).toBeLessThan(hour);
      await inLog(nodeId, "the clocks of this node and of the control plane differ");
    }
    expect(Math.abs((await nodeOf("staging-edge")).clockSkewSeconds ?? hour)).toBeLessThan(hour);
  });

  test("take a set with a CA that is not valid by their clock, prove it, and say which one and by which clock", async () => {
    const link = await instance.activate(caSetId, 1, "STAGING");
    expect(await instance.ended(link)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    const { nodes } = await instance.ask(activationNodes, 200, "GET", `${link}/nodes`);
    const words = new Map(nodes.map(({ nodeId, detail }) => [nodeId, detail ?? ""]));
    const clockOf = (hours: number) => new Date(Date.now() + hours * hour * 1_000).toISOString().slice(0, 11);
    expect(words.get("staging-edge")).not.toContain("clock");
    expect(words.get("clock-ahead")).toContain(`${ending.fingerprint} expired at `);
    expect(words.get("clock-behind")).toContain(`${fresh.fingerprint} is not valid before `);
    for (const { nodeId, hours } of clocks) {
      // Midnight may lie between the two.
      const said = /by the clock of this node \((\d{4}-\d\d-\d\dT)/.exec(words.get(nodeId) ?? "")?.[1];
      expect([clockOf(hours), clockOf(hours - 1)], words.get(nodeId)).toContain(said);
    }
  });

  test("let in nobody by it, and everybody else; who is refused is told why", async () => {
    const answers = async (client: typeof kept) =>
      Object.fromEntries(
        await Promise.all([...doors].map(async ([nodeId, door]) => [nodeId, await ask(door, client)] as const)),
      );
    expect(await answers(kept)).toEqual({ "staging-edge": 200, "clock-ahead": 200, "clock-behind": 200 });
    expect(await answers(late)).toEqual({ "staging-edge": 200, "clock-ahead": 403, "clock-behind": 200 });
    expect(await answers(early)).toEqual({ "staging-edge": 200, "clock-ahead": 200, "clock-behind": 403 });
    await inLog("clock-ahead", '"code":"expired"');
    await inLog("clock-behind", '"code":"not-yet-valid"');
  });
});
