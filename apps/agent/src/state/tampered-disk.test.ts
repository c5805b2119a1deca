import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EntryReport } from "@tcm/api-contract";
import { type ManifestEntry } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { FakeControlPlane } from "../testing/fake-control-plane.ts";
import { caSet, startTestAgent, type TestAgent, testControlPlane } from "../testing/test-agent.ts";

const pki = testPki();
const rootA = pki.root("Root A");
const rootB = pki.root("Root B");
const intruder = pki.root("Intruder");

type Stored = {
  report: EntryReport;
  latest: { entry: ManifestEntry; signature: string };
  served: { signed: { entry: ManifestEntry; signature: string }; at: number } | null;
};

/** A stopped agent that served set 1 (generation 2, after 1) and set 2. */
async function stoppedAgent() {
  const { agent, ...rest } = await startTestAgent();
  const { plane, directory } = rest;
  const first = plane.put(caSet(plane, "1", [rootA]));
  await plane.reported(first, "verified");
  await plane.reported(plane.put(caSet(plane, "1", [rootA, rootB], 2)), "verified");
  await plane.reported(plane.put(caSet(plane, "2", [rootB])), "verified");
  await agent.close();
  plane.reports.length = 0;
  const file = join(directory, "manifest", "ca-set-1.json");
  const read = () => JSON.parse(readFileSync(file, "utf8")) as Stored;
  const write = (value: unknown) => writeFileSync(file, JSON.stringify(value));
  return { plane, directory, file, read, write, first };
}

type Stopped = Awaited<ReturnType<typeof stoppedAgent>>;

const servedSets = ({ engine }: TestAgent) => [...engine.contents.keys()].sort();

/** Without the control plane only set 2 is served; with it both again, and never anything in between. */
async function expectFetchedAgain({ plane, directory }: Stopped, message: string) {
  await plane.stop();
  const alone = await startTestAgent({ plane, directory });
  expect(servedSets(alone)).toEqual(["ca-set/2"]);
  expect(alone.messages()).toContain(message);
  await plane.start();
  await expect.poll(() => servedSets(alone)).toEqual(["ca-set/1", "ca-set/2"]);
  const applied = alone.engine.calls.filter(({ step, change }) => step === "apply" && change.entryId === "ca-set/1");
  const anchors = applied.map(({ change }) => change.next?.kind === "ca-set" && change.next.caSet.fingerprints);
  expect(anchors).toEqual([[rootA.fingerprint, rootB.fingerprint].sort()]);
}

describe("an entry whose file is damaged is not served until it is announced again; the others are", () => {
  const unreadable = "a stored entry cannot be read: it is not served until it is announced again";
  test.each([
    ["an empty file", ""],
    ["half a file", '{"format":1,"latest":{"entry":{"net'],
    ["another JSON", "[]"],
    ["an unknown format", '{"format":2}'],
    ["a file that is far too large", " ".repeat(2 * 1024 * 1024)],
  ])("%s", async (_name, text) => {
    const stopped = await stoppedAgent();
    writeFileSync(stopped.file, text);
    await expectFetchedAgain(stopped, unreadable);
  });

  test("a file under the name of another entry", async () => {
    const stopped = await stoppedAgent();
    writeFileSync(stopped.file, readFileSync(join(stopped.directory, "manifest", "ca-set-2.json")));
    await expectFetchedAgain(stopped, unreadable);
  });
});

describe("an entry on disk that was not signed for this node is not served", () => {
  const notSigned = "a stored entry is not what was signed for this node: it is not served until it is announced again";

  function changeBoth({ read, write }: Stopped, change: (signed: Stored["latest"]) => unknown): void {
    const { latest, served, ...rest } = read();
    if (served === null) throw new Error("nothing was served");
    write({ ...rest, latest: change(latest), served: { at: served.at, signed: change(served.signed) } });
  }

  test("a certificate put into its list", async () => {
    const stopped = await stoppedAgent();
    const content = caSet(stopped.plane, "1", [rootA, rootB, intruder], 2);
    writeFileSync(join(stopped.directory, "certificates", `${intruder.fingerprint}.der`), intruder.der);
    changeBoth(stopped, (signed) => ({ ...signed, entry: { ...signed.entry, content } }));
    await expectFetchedAgain(stopped, notSigned);
  });

  test("the same with a digest that fits", async () => {
    const stopped = await stoppedAgent();
    const { plane } = stopped;
    const forged = plane.entry("ca-set/1", caSet(plane, "1", [intruder], 2), { epoch: 1, number: 2 });
    changeBoth(stopped, (signed) => ({ ...signed, entry: forged }));
    await expectFetchedAgain(stopped, notSigned);
  });

  test("an entry of another node's directory", async () => {
    const stopped = await stoppedAgent();
    const { plane } = stopped;
    changeBoth(stopped, ({ entry }) => plane.sign(entry, "another-node"));
    await expectFetchedAgain(stopped, notSigned);
  });

  test("an entry signed by a key that is not pinned", async () => {
    const stopped = await stoppedAgent();
    const stranger = new FakeControlPlane();
    changeBoth(stopped, ({ entry }) => stranger.sign(entry));
    await expectFetchedAgain(stopped, notSigned);
  });

  test("when only the newest generation is damaged, the last good one is served and the newest fetched again", async () => {
    const { plane, directory, read, write, first } = await stoppedAgent();
    const stored = read();
    const served = { at: 1, signed: plane.sign(first) };
    write({ ...stored, latest: { ...stored.latest, signature: Buffer.alloc(64).toString("base64") }, served });
    const { engine } = await startTestAgent({ plane, directory });
    const content = engine.calls[0]?.change.next;
    expect(content?.kind === "ca-set" && content.caSet.fingerprints).toEqual([rootA.fingerprint]);
    await plane.reported(stored.latest.entry, "verified");
  });

  test("when only the last good one is damaged, nothing is served before the newest is delivered again", async () => {
    const stopped = await stoppedAgent();
    const { latest, served, ...rest } = stopped.read();
    const signature = Buffer.alloc(64).toString("base64");
    const damaged = served && { ...served, signed: { ...served.signed, signature } };
    stopped.write({ ...rest, latest, served: damaged });
    const { engine, plane } = await startTestAgent({ ...stopped });
    await plane.reported(latest.entry, "verified");
    const applied = engine.calls.filter(({ change }) => change.entryId === "ca-set/1");
    expect(applied.map(({ change }) => change.generation)).toEqual([latest.entry.generation, latest.entry.generation]);
  });
});

describe("what the disk says of an entry's progress is not believed", () => {
  test("a latest generation put back to an old one does not let that one in again", async () => {
    const { plane, directory, read, write, first } = await stoppedAgent();
    write({ ...read(), latest: plane.sign(first) });
    plane.entries.set("ca-set/1", plane.sign(first));
    await startTestAgent({ plane, directory });
    expect((await plane.reported(first, "rejected")).rejection?.code).toBe("generation-regressed");
  });

  test("a proof that this process did not make is not reported", async () => {
    const { plane, directory, read, write } = await stoppedAgent();
    const { latest, report, ...rest } = read();
    write({ ...rest, latest, report: { ...report, state: "verified" } });
    const answer = (step: string) => (step === "verify" ? new Promise<never>(() => undefined) : undefined);
    await startTestAgent({ plane, directory, answer });
    await plane.until(() => plane.hellos.length === 2, "the hello");
    expect(plane.hellos[1]?.entries.map(({ state }) => state)).toEqual(["applied", "applied"]);
  });
});

describe("a certificate on disk is what its name says, or is not there", () => {
  const damaged = "a stored certificate is damaged and will be fetched again";
  const fileOf = ({ directory }: Stopped) => join(directory, "certificates", `${rootA.fingerprint}.der`);

  test.each([
    ["cut short", () => rootA.der.subarray(0, 100)],
    ["another certificate", () => intruder.der],
    ["empty", () => new Uint8Array()],
    ["far too large", () => new Uint8Array(1024 * 1024)],
  ])("%s", async (_name, bytes) => {
    const stopped = await stoppedAgent();
    writeFileSync(fileOf(stopped), bytes());
    await expectFetchedAgain(stopped, damaged);
    expect(nodeCrypto.sha256(readFileSync(fileOf(stopped)))).toBe(rootA.fingerprint);
  });

  test("removed", async () => {
    const stopped = await stoppedAgent();
    rmSync(fileOf(stopped));
    await expectFetchedAgain(stopped, "the last good content cannot be served");
  });
});

describe("what a crash leaves behind", () => {
  test("unfinished files are removed at the next start and mean nothing", async () => {
    const { plane, directory } = await stoppedAgent();
    for (const folder of ["manifest", "certificates"]) writeFileSync(join(directory, folder, "x.json.1-1.tmp"), "half");
    const started = await startTestAgent({ plane, directory });
    expect(servedSets(started)).toEqual(["ca-set/1", "ca-set/2"]);
    expect(readdirSync(join(directory, "manifest")).sort()).toEqual(["ca-set-1.json", "ca-set-2.json"]);
  });
});

describe("a directory of another node", () => {
  test("is not served to the clients of this one", async () => {
    const { directory } = await stoppedAgent();
    const plane = await testControlPlane("PRODUCTION", "production-edge");
    const { engine } = await startTestAgent({ plane, directory });
    await plane.until(() => plane.hellos.length === 1, "the hello");
    expect(engine.calls).toEqual([]);
    expect(plane.hellos[0]?.entries).toEqual([]);
  });
});
