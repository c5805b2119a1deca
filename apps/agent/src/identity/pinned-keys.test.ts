import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeIdentity } from "@tcm/api-contract";
import type { KeySuccessor } from "@tcm/core";
import { generateKeyPair } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { caSet, startTestAgent, type TestAgent, testControlPlane } from "../testing/test-agent.ts";
import { openPinnedKeys } from "./pinned-keys.ts";

const silent = pino({ level: "silent" });
/** Of an entry after every rotation. */
const later = { epoch: 9, number: 9 };
const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];

/** Whose entries the node pinned at its enrolment, whatever signs now. */
async function enrolled() {
  const plane = await testControlPlane();
  return { plane, identity: plane.identity };
}

type Enrolled = Awaited<ReturnType<typeof enrolled>>;

async function serving({ plane, identity }: Enrolled, directory?: string): Promise<TestAgent> {
  const started = await startTestAgent({ plane, identity, ...(directory !== undefined && { directory }) });
  await plane.reported(plane.put(caSet(plane, "1", [a])), "verified");
  return started;
}

/** The node's answer to a new version. */
async function nextVersion({ plane }: Pick<TestAgent, "plane">, number: number, state: "verified" | "rejected") {
  return plane.reported(plane.put(caSet(plane, "1", [number % 2 === 0 ? b : a], number)), state);
}

const fileOf = (directory: string): string => join(directory, "key-successors.json");

function stored(directory: string): readonly KeySuccessor[] {
  return (JSON.parse(readFileSync(fileOf(directory), "utf8")) as { readonly successors: KeySuccessor[] }).successors;
}

describe("a node takes over another signing key by the word of the one that it pinned", () => {
  test("while it serves, and the key is on its disk before anything is judged by it", async () => {
    const agent = await serving(await enrolled());
    const said = agent.plane.rotate();
    await nextVersion(agent, 2, "verified");
    expect(stored(agent.directory)).toEqual([said]);
    expect(agent.messages()).toContain("another signing key took over");
  });

  test("when it was away during two of them, with its old identity", async () => {
    const node = await enrolled();
    const first = await serving(node);
    await first.agent.close();
    node.plane.rotate();
    node.plane.rotate();
    const again = await startTestAgent({ ...node, directory: first.directory });
    await nextVersion(again, 2, "verified");
    expect(stored(first.directory)).toHaveLength(2);
  });

  test("when it lost its disk since", async () => {
    const node = await enrolled();
    node.plane.put(caSet(node.plane, "1", [a]));
    node.plane.rotate();
    const agent = await startTestAgent({ plane: node.plane, identity: node.identity });
    await nextVersion(agent, 2, "verified");
  });

  test("and serves what the old key signed when it starts without its control plane", async () => {
    const node = await enrolled();
    const first = await serving(node);
    node.plane.rotate();
    await node.plane.until(() => first.messages().includes("another signing key took over"), "the key");
    await first.agent.close();
    await node.plane.stop();
    const alone = await startTestAgent({ ...node, directory: first.directory });
    expect([...alone.engine.contents.keys()]).toEqual(["ca-set/1"]);
  });
});

describe("a node believes no other key", () => {
  test("the old one is refused for everything after its word, whatever generation it names", async () => {
    const agent = await serving(await enrolled());
    const { plane } = agent;
    const entry = plane.entry("ca-set/1", caSet(plane, "1", [b], 2));
    const byOldKey = plane.sign(entry);
    plane.rotate();
    plane.announce([byOldKey]);
    expect((await plane.reported(entry, "rejected")).rejection?.code).toBe("signing-key-retired");
    await nextVersion(agent, 3, "verified");
  });

  test.each<[string, (plane: TestAgent["plane"]) => KeySuccessor]>([
    ["a forged signature", (plane) => ({ ...plane.successor(), signature: Buffer.alloc(64).toString("base64") })],
    ["another network", (plane) => plane.successor(undefined, { network: "PRODUCTION" })],
    ["another key than was signed", (plane) => ({ ...plane.successor(), successor: plane.successor().successor })],
  ])("%s is turned down, nothing of it is kept, and the pinned key goes on", async (_, forge) => {
    const agent = await serving(await enrolled());
    agent.plane.say({ type: "key-successors", successors: [forge(agent.plane)] });
    await nextVersion(agent, 2, "verified");
    expect(() => stored(agent.directory)).toThrow(/ENOENT/);
    expect(agent.messages()).toContain("another signing key was named that this node does not believe");
  });

  test("a second successor of a key that has retired: whoever stole that changes nothing", async () => {
    const agent = await serving(await enrolled());
    const { plane } = agent;
    const thief = plane.successor(generateKeyPair("ed25519"));
    const said = plane.rotate();
    plane.say({ type: "key-successors", successors: [thief] });
    await nextVersion(agent, 2, "verified");
    expect(stored(agent.directory)).toEqual([said]);
  });

  test("what was changed on its disk is not believed, and comes again with the next session", async () => {
    const node = await enrolled();
    const first = await serving(node);
    node.plane.rotate();
    await nextVersion(first, 2, "verified");
    await first.agent.close();
    const [said] = stored(first.directory);
    const evil = { ...said, successor: node.plane.successor().successor };
    writeFileSync(fileOf(first.directory), JSON.stringify({ format: 1, successors: [evil] }));
    const again = await startTestAgent({ ...node, directory: first.directory });
    await nextVersion(again, 3, "verified");
    expect(stored(first.directory)).toEqual([said]);
  });
});

describe("a node that is enrolled again", () => {
  test("believes the keys of now, whatever took over under its earlier enrolment", async () => {
    const node = await enrolled();
    const first = await serving(node);
    node.plane.rotate();
    await nextVersion(first, 2, "verified");
    await first.agent.close();
    const [pinned] = node.identity.signingKeys;
    const judged = (identity: NodeIdentity): string =>
      openPinnedKeys(identity, first.directory, silent).verifyAnnounced(pinned?.keyId ?? "", Buffer.of(), "", later);
    expect(judged(node.identity)).toBe("retired");
    expect(judged({ ...node.identity, enrolmentId: "again" })).toBe("invalid");
  });
});

describe("a disk that does not take the new key", () => {
  test("ends the session, and nothing is rejected for a key that was not taken; it is tried again", async () => {
    const node = await enrolled();
    const agent = await serving(node);
    const before = node.plane.hellos.length;
    mkdirSync(fileOf(agent.directory));
    node.plane.rotate();
    await node.plane.until(() => node.plane.hellos.length > before + 1, "another session");
    expect(node.plane.reports.filter(({ state }) => state === "rejected")).toEqual([]);
    rmSync(fileOf(agent.directory), { recursive: true });
    await nextVersion(agent, 2, "verified");
  });
});
