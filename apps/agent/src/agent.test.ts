import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { caSet, edgeCertificate, startTestAgent, testControlPlane } from "./testing/test-agent.ts";

const pki = testPki();
const rootA = pki.root("Root A");
const rootB = pki.root("Root B");
const rootC = pki.root("Root C");

describe("an announced entry", () => {
  test("is delivered, applied and verified, in this order", async () => {
    const { plane, engine } = await startTestAgent();
    const entry = plane.put(caSet(plane, "1", [rootA, rootB]));
    const report = await plane.reported(entry, "verified");
    expect(plane.reports.map(({ state }) => state)).toEqual(["delivered", "applied", "verified"]);
    expect(report.digest).toBe(entry.digest);
    const served = engine.contents.get("ca-set/1");
    expect(served?.kind === "ca-set" && served.anchors.length).toBe(2);
  });

  test("is on disk when it is reported as applied", async () => {
    const { plane, directory } = await startTestAgent();
    const entry = plane.put(caSet(plane, "1", [rootA]));
    await plane.reported(entry, "applied");
    expect(readdirSync(join(directory, "manifest"))).toEqual(["ca-set-1.json"]);
    expect(readdirSync(join(directory, "certificates"))).toEqual([`${rootA.fingerprint}.der`]);
  });

  test("has only those certificates fetched that the node lacks, in one request", async () => {
    const { plane } = await startTestAgent();
    await plane.reported(plane.put(caSet(plane, "1", [rootA, rootB])), "verified");
    await plane.reported(plane.put(caSet(plane, "1", [rootA, rootB, rootC], 2)), "verified");
    expect(plane.requests.map((fingerprints) => [...fingerprints].sort())).toEqual([
      [rootA.fingerprint, rootB.fingerprint].sort(),
      [rootC.fingerprint],
    ]);
  });

  test("may be announced again at will: it is reported again and not applied again", async () => {
    const { plane, engine } = await startTestAgent();
    const entry = plane.put(caSet(plane, "1", [rootA]));
    await plane.reported(entry, "verified");
    plane.announce([...plane.entries.values()]);
    await plane.until(() => plane.reports.filter(({ state }) => state === "verified").length === 2, "a second report");
    expect(engine.calls.filter(({ step }) => step === "apply")).toHaveLength(1);
  });

  test("that is withdrawn is no longer served, and its certificates leave the disk", async () => {
    const { plane, engine, directory } = await startTestAgent();
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "verified");
    await plane.reported(plane.withdraw("ca-set/1"), "verified");
    expect(engine.contents.size).toBe(0);
    await expect.poll(() => readdirSync(join(directory, "certificates"))).toEqual([]);
  });

  test("of an edge certificate may come before its CA set", async () => {
    const { plane, engine } = await startTestAgent();
    await plane.reported(plane.put(edgeCertificate(5, "1", ["shop.example"])), "verified");
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "verified");
    expect([...engine.contents.keys()].sort()).toEqual(["ca-set/1", "edge-certificate/5"]);
  });

  test("stays in service when a complete announcement leaves it out", async () => {
    const { plane, engine, messages } = await startTestAgent();
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "verified");
    plane.entries.clear();
    plane.dropSessions();
    await plane.until(() => plane.hellos.length === 2, "a second hello");
    await plane.reported(plane.put(caSet(plane, "2", [rootB])), "verified");
    expect([...engine.contents.keys()].sort()).toEqual(["ca-set/1", "ca-set/2"]);
    expect(messages()).toContain("entries were not announced and stay in service");
  });
});

describe("newest generation wins", () => {
  test("generations that were overtaken before the engine had them are passed over", async () => {
    const gate = Promise.withResolvers<void>();
    const { plane, engine } = await startTestAgent();
    plane.beforeCertificates = () => gate.promise;
    plane.put(caSet(plane, "1", [rootA]));
    await plane.until(() => plane.requests.length === 1, "the first request");
    plane.put(caSet(plane, "1", [rootB], 2));
    const last = plane.put(caSet(plane, "1", [rootC], 3));
    plane.say({ type: "ping" });
    await plane.until(() => plane.pongs === 1, "all announcements read");
    gate.resolve();
    await plane.reported(last, "verified");
    expect(engine.calls.map(({ change }) => change.generation.number)).toEqual([3, 3]);
  });

  test("an epoch that rises lets a lower number in, as after a restore", async () => {
    const { plane, engine } = await startTestAgent();
    await plane.reported(plane.put(caSet(plane, "1", [rootA]), { epoch: 1, number: 9 }), "verified");
    await plane.reported(plane.put(caSet(plane, "1", [rootB]), { epoch: 2, number: 1 }), "verified");
    const served = engine.contents.get("ca-set/1");
    expect(served?.kind === "ca-set" && served.caSet.fingerprints).toEqual([rootB.fingerprint]);
  });

  test("what the engine took is proved even when a newer generation is waiting", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { plane, engine } = await startTestAgent({
      answer: (step, { generation }) =>
        step === "verify" && generation.number === 1 ? gate.promise.then(() => undefined as never) : undefined,
    });
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "applied");
    const last = plane.put(caSet(plane, "1", [rootB], 2));
    gate.resolve(undefined);
    await plane.reported(last, "verified");
    expect(engine.calls.map(({ step, change }) => `${step} ${change.generation.number}`)).toEqual([
      "apply 1",
      "verify 1",
      "apply 2",
      "verify 2",
    ]);
  });
});

describe("one entry holds up no other", () => {
  test("an entry that the engine rejects", async () => {
    const { plane, engine } = await startTestAgent({
      answer: (step, { entryId }) =>
        step === "apply" && entryId === "ca-set/1"
          ? { ok: false, code: "engine-refused", detail: "not this one" }
          : undefined,
    });
    const bad = plane.put(caSet(plane, "1", [rootA]));
    const good = plane.put(caSet(plane, "2", [rootB]));
    await plane.reported(good, "verified");
    expect((await plane.reported(bad, "rejected")).rejection).toEqual({
      code: "engine-refused",
      detail: "not this one",
    });
    expect([...engine.contents.keys()]).toEqual(["ca-set/2"]);
  });

  test("an entry whose engine call never returns", async () => {
    const { plane } = await startTestAgent({
      answer: (_step, { entryId }) => (entryId === "ca-set/1" ? new Promise(() => undefined) : undefined),
    });
    plane.put(caSet(plane, "1", [rootA]));
    await plane.reported(plane.put(caSet(plane, "2", [rootB])), "verified");
  });

  test("a hundred proofs that wait for clients", async () => {
    const { plane } = await startTestAgent({
      answer: (step, { entryId }) =>
        step === "verify" && entryId !== "ca-set/101" ? new Promise(() => undefined) : undefined,
    });
    for (let id = 1; id <= 100; id += 1) plane.put(caSet(plane, String(id), [rootA]));
    await plane.reported(plane.put(caSet(plane, "101", [rootB])), "verified");
  });

  test("an entry that is malformed, in the same announcement", async () => {
    const { plane } = await startTestAgent();
    await plane.until(() => plane.hellos.length === 1, "the hello");
    const good = plane.entry("ca-set/2", caSet(plane, "2", [rootB]));
    plane.announce([{ nonsense: true }, null, plane.sign(good)]);
    await plane.reported(good, "verified");
  });
});

describe("a restart", () => {
  test("serves what was last good while the control plane is away, and says how stale it is", async () => {
    const first = await startTestAgent();
    const { plane, directory } = first;
    await plane.reported(plane.put(edgeCertificate(5, "1", ["shop.example"])), "verified");
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "verified");
    await first.agent.close();
    await plane.stop();
    const { engine, messages, logText } = await startTestAgent({ plane, directory });
    expect(engine.calls.slice(0, 2).map(({ step, change }) => `${step} ${change.entryId}`)).toEqual([
      "apply ca-set/1",
      "apply edge-certificate/5",
    ]);
    expect([...engine.contents.keys()].sort()).toEqual(["ca-set/1", "edge-certificate/5"]);
    expect(messages()).toContain("started with what was last good");
    expect(logText()).toMatch(/"staleSeconds":\d+/);
  });

  test("proves again what it restored, and reports it in the hello of the next session", async () => {
    const first = await startTestAgent();
    const { plane, directory } = first;
    const entry = plane.put(caSet(plane, "1", [rootA]));
    await plane.reported(entry, "verified");
    await first.agent.close();
    plane.reports.length = 0;
    await startTestAgent({ plane, directory });
    await plane.reported(entry, "verified");
    expect(plane.hellos.at(-1)?.entries.map(({ entryId }) => entryId)).toEqual(["ca-set/1"]);
    expect(plane.requests).toHaveLength(1);
  });

  test("does not let an older generation back in, also when the newer one had been rejected", async () => {
    const refuse = { ok: false, code: "engine-refused", detail: "no" } as const;
    const first = await startTestAgent({
      answer: (step, { generation }) => (step === "apply" && generation.number > 1 ? refuse : undefined),
    });
    const { plane, directory } = first;
    const old = plane.put(caSet(plane, "1", [rootA]));
    await plane.reported(old, "verified");
    const refused = plane.put(caSet(plane, "1", [rootB], 2));
    await plane.reported(refused, "rejected");
    await first.agent.close();
    plane.entries.set("ca-set/1", plane.sign(old));
    plane.reports.length = 0;
    const { engine } = await startTestAgent({ plane, directory });
    const report = await plane.reported(old, "rejected");
    expect(report.rejection?.code).toBe("generation-regressed");
    expect(plane.hellos.at(-1)?.entries[0]).toMatchObject({ generation: refused.generation, state: "rejected" });
    const served = engine.contents.get("ca-set/1");
    expect(served?.kind === "ca-set" && served.caSet.fingerprints).toEqual([rootA.fingerprint]);
  });

  test("finishes what was delivered and not applied, without the control plane", async () => {
    const directory = temporaryDirectory();
    const hanging = await startTestAgent({ directory, answer: () => new Promise(() => undefined) });
    const { plane } = hanging;
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "delivered");
    await hanging.agent.close();
    await plane.stop();
    const { engine } = await startTestAgent({ plane, directory });
    await expect.poll(() => engine.contents.has("ca-set/1")).toBe(true);
  });

  test("does not offer its engine a fourth time what ended the process three times", async () => {
    const first = await startTestAgent();
    const { plane, directory } = first;
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "verified");
    await first.agent.close();
    const fatal = plane.put(caSet(plane, "1", [rootB], 2));
    const answer = (step: string, { generation }: { generation: { number: number } }) =>
      step === "apply" && generation.number === 2 ? new Promise<never>(() => undefined) : undefined;
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const { agent, engine } = await startTestAgent({ plane, directory, answer });
      await expect.poll(() => engine.calls.some(({ change }) => change.generation.number === 2)).toBe(true);
      await agent.close();
    }
    const { engine } = await startTestAgent({ plane, directory, answer });
    expect((await plane.reported(fatal, "rejected")).rejection?.code).toBe("engine-refused");
    await plane.reported(plane.put(caSet(plane, "2", [rootC])), "verified");
    expect(engine.calls.map(({ change }) => change.generation.number)).not.toContain(2);
    expect(engine.contents.has("ca-set/1")).toBe(true);
    await plane.reported(plane.put(caSet(plane, "1", [rootA, rootB], 3)), "verified");
  });

  test("keeps what the engine took though its proof failed, since the former content might trust more", async () => {
    const first = await startTestAgent({
      answer: (step, { generation }) =>
        step === "verify" && generation.number === 2
          ? { ok: false, code: "proof-failed", detail: "a connection is left" }
          : undefined,
    });
    const { plane, directory } = first;
    await plane.reported(plane.put(caSet(plane, "1", [rootA, rootB])), "verified");
    const removal = plane.put(caSet(plane, "1", [rootA], 2));
    const report = await plane.reported(removal, "rejected");
    expect(report.rejection?.code).toBe("proof-failed");
    await first.agent.close();
    plane.reports.length = 0;
    const { engine } = await startTestAgent({ plane, directory });
    const served = engine.contents.get("ca-set/1");
    expect(served?.kind === "ca-set" && served.caSet.fingerprints).toEqual([rootA.fingerprint]);
    await plane.reported(removal, "verified");
  });

  test("of another agent on the same directory is refused while the first one runs", async () => {
    const { plane, directory } = await startTestAgent();
    await expect(startTestAgent({ plane, directory })).rejects.toThrow("in use by another agent");
  });
});

describe("refusals that may rest on other entries", () => {
  test("a hostname that moves between edge certificates in the wrong order arrives in the end", async () => {
    const { plane, engine } = await startTestAgent();
    await plane.reported(plane.put(edgeCertificate(1, "1", ["a.example", "b.example"])), "verified");
    const gaining = plane.put(edgeCertificate(2, "1", ["b.example"]));
    await plane.reported(gaining, "rejected");
    await plane.reported(plane.put(edgeCertificate(1, "1", ["a.example"])), "verified");
    await plane.reported(gaining, "verified");
    expect(engine.contents.size).toBe(2);
  });

  test("a refusal stays for its generation and digest when nothing else has changed", async () => {
    const refuse = { ok: false, code: "engine-refused", detail: "no" } as const;
    const { plane, engine } = await startTestAgent({ answer: (step) => (step === "apply" ? refuse : undefined) });
    const entry = plane.put(caSet(plane, "1", [rootA]));
    await plane.reported(entry, "rejected");
    plane.announce([...plane.entries.values()]);
    await plane.until(() => plane.reports.filter(({ state }) => state === "rejected").length === 2, "a second report");
    expect(engine.calls).toHaveLength(1);
  });
});

describe("a disk that fails", () => {
  test("rejects with disk-write-failed, goes on serving the old content, and heals", async () => {
    const { plane, engine, directory } = await startTestAgent();
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "verified");
    const manifest = join(directory, "manifest");
    rmSync(manifest, { recursive: true });
    writeFileSync(manifest, "a file in the place of the directory");
    const next = plane.put(caSet(plane, "1", [rootA, rootB], 2));
    const report = await plane.reported(next, "rejected");
    expect(report.rejection?.code).toBe("disk-write-failed");
    const served = engine.contents.get("ca-set/1");
    expect(served?.kind === "ca-set" && served.anchors.length).toBe(1);
    rmSync(manifest);
    mkdirSync(manifest);
    await plane.reported(next, "verified");
    expect(existsSync(join(manifest, "ca-set-1.json"))).toBe(true);
  });

  test("rejects with disk-write-failed when it does not take the certificates", async () => {
    const { plane, directory } = await startTestAgent();
    await plane.until(() => plane.hellos.length === 1, "the hello");
    const certificates = join(directory, "certificates");
    rmSync(certificates, { recursive: true });
    writeFileSync(certificates, "");
    const report = await plane.reported(plane.put(caSet(plane, "1", [rootA])), "rejected");
    expect(report.rejection?.code).toBe("disk-write-failed");
  });
});

describe("two nodes", () => {
  test("an entry signed for one is refused by the other, also on another network", async () => {
    const plane = await testControlPlane("PRODUCTION", "production-edge");
    const { engine } = await startTestAgent({ plane });
    await plane.until(() => plane.hellos.length === 1, "the hello");
    const entry = plane.entry("ca-set/1", caSet(plane, "1", [rootA]));
    plane.announce([plane.sign(entry, "staging-edge")]);
    expect((await plane.reported(entry, "rejected")).rejection?.code).toBe("node-mismatch");
    const other = { ...plane.entry("ca-set/2", caSet(plane, "2", [rootA])), network: "STAGING" } as const;
    plane.announce([plane.sign(other)]);
    expect((await plane.reported(other, "rejected")).rejection?.code).toBe("network-mismatch");
    expect(engine.calls).toEqual([]);
  });
});
