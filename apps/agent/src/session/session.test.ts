import { maxNodeLineBytes } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { caSet, startTestAgent, testControlPlane } from "../testing/test-agent.ts";

const root = testPki().root("Root");

describe("a control plane that comes and goes", () => {
  test("may be away at the start: the agent is there, and connects when it comes", async () => {
    const plane = await testControlPlane();
    const { identity } = plane;
    await plane.stop();
    const { agent, messages } = await startTestAgent({ plane });
    expect(agent.address).toBe("127.0.0.1:7443");
    await expect.poll(messages).toContain("the control plane cannot be reached; what is served stays in service");
    await plane.start();
    expect(plane.identity).toEqual(identity);
    await plane.reported(plane.put(caSet(plane, "1", [root])), "verified");
  });

  test("learns the state of every entry from the hello after its own restart", async () => {
    const { plane, engine } = await startTestAgent();
    const entry = plane.put(caSet(plane, "1", [root]));
    await plane.reported(entry, "verified");
    await plane.stop();
    await plane.start();
    await plane.until(() => plane.hellos.length === 2, "a second hello");
    expect(plane.hellos[1]).toMatchObject({
      type: "hello",
      nodeId: "staging-edge",
      network: "STAGING",
      engine: "memory",
      highestLevel: "verified",
      address: "127.0.0.1:7443",
      entries: [{ entryId: "ca-set/1", generation: entry.generation, digest: entry.digest, state: "verified" }],
    });
    expect(engine.calls).toHaveLength(2);
  });

  test("is told in the hello what happened while it was away", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { plane } = await startTestAgent({
      answer: (step) => (step === "verify" ? gate.promise : undefined),
    });
    const entry = plane.put(caSet(plane, "1", [root]));
    await plane.reported(entry, "applied");
    await plane.stop();
    gate.resolve(undefined);
    await plane.start();
    await plane.reported(entry, "verified");
  });

  test("may be one of several: the next one is tried when one is away", async () => {
    const [first, second] = [await testControlPlane(), await testControlPlane()];
    // Control planes on one store share its keys and know the same nodes.
    const identity = { ...second.identity, controlPlaneUrl: first.identity.controlPlaneUrl };
    await first.stop();
    const controlPlaneUrls = [second.identity.controlPlaneUrl];
    await startTestAgent({ plane: second, identity: { ...identity, controlPlaneUrls } });
    await second.reported(second.put(caSet(second, "1", [root])), "verified");
    await second.stop();
    await second.start();
    await second.until(() => second.hellos.length === 2, "a second hello");
  });

  test("may say goodbye: the node comes back after the time it was given", async () => {
    const { plane } = await startTestAgent();
    await plane.until(() => plane.hellos.length === 1, "the hello");
    const before = performance.now();
    plane.say({ type: "goodbye", reason: "maintenance", retryAfterMs: 300 });
    await plane.until(() => plane.hellos.length === 2, "a second hello");
    expect(performance.now() - before).toBeGreaterThanOrEqual(300);
  });

  test("that falls silent for three heartbeats is left, and tried again", async () => {
    const plane = await testControlPlane();
    plane.heartbeatIntervalMs = 100;
    const { messages } = await startTestAgent({ plane });
    await plane.until(() => plane.hellos.length === 2, "a second hello");
    expect(messages()).toContain("the session with the control plane ended; what is served stays in service");
  });

  test("is answered a pong for each ping", async () => {
    const { plane } = await startTestAgent();
    await plane.until(() => plane.hellos.length === 1, "the hello");
    plane.say({ type: "ping" });
    plane.say({ type: "ping" });
    await plane.until(() => plane.pongs === 2, "two pongs");
  });

  test("that does not know the certificate is tried again, and the log says why in its words", async () => {
    const plane = await testControlPlane();
    const { logText } = await startTestAgent({
      plane,
      identity: { ...plane.identity, ...plane.port.forgedCredential() },
    });
    await expect.poll(logText).toContain("node-unknown. Nobody knows this node.");
  });
});

describe("a session that breaks the protocol is closed, said in the log and opened again", () => {
  const faults: readonly [string, string | Uint8Array, string][] = [
    ["a line that is not JSON", "garbage\n", "not JSON in UTF-8"],
    ["a line that is not UTF-8", Uint8Array.of(0x22, 0xff, 0xfe, 0x22, 0x0a), "not JSON in UTF-8"],
    ["an empty line", "\n", "not JSON in UTF-8"],
    ["a number", "7\n", "not an object"],
    ["an unknown type", '{"type":"execute"}\n', "not a message of this protocol"],
    ["an unknown field", '{"type":"ping","x":1}\n', "not a message of this protocol"],
    ["an announcement without entries", '{"type":"announce","complete":true}\n', "an announcement without entries"],
    [
      "too many entries",
      `{"type":"announce","complete":true,"entries":[${Array(2_001).fill(0).join(",")}]}\n`,
      "2001 entries",
    ],
    ["deeply nested arrays", `${"[".repeat(100_000)}\n`, "not JSON in UTF-8"],
    ["a line without end", "x".repeat(maxNodeLineBytes + 1), "longer than"],
  ];
  test.each(faults)("%s", async (_name, line, words) => {
    const { plane, logText } = await startTestAgent();
    const entry = plane.put(caSet(plane, "1", [root]));
    await plane.reported(entry, "verified");
    plane.sendRaw(line);
    await plane.until(() => plane.hellos.length === 2, "a second hello");
    expect(logText()).toContain(`protocol fault: `);
    expect(logText()).toContain(words);
    expect(plane.hellos[1]?.entries[0]?.state).toBe("verified");
  });

  test("a welcome to another network", async () => {
    const plane = await testControlPlane();
    plane.greeting = '{"type":"welcome","network":"PRODUCTION","heartbeatIntervalMs":1000}\n';
    const { logText } = await startTestAgent({ plane });
    await expect.poll(logText).toContain("a welcome to PRODUCTION");
  });

  test("an announcement before the welcome changes nothing", async () => {
    const plane = await testControlPlane();
    const entry = plane.entry("ca-set/1", caSet(plane, "1", [root]));
    plane.greeting = `${JSON.stringify({ type: "announce", complete: true, entries: [plane.sign(entry)] })}\n`;
    const { logText, engine } = await startTestAgent({ plane });
    await expect.poll(logText).toContain("announce before welcome");
    expect(engine.calls).toEqual([]);
  });
});
