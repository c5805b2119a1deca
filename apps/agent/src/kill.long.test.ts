import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { spawnAgent, tryClient, writeIdentity } from "./testing/agent-process.ts";
import { caSet, testControlPlane } from "./testing/test-agent.ts";

const rounds = 40;
const pki = testPki({ now: new Date() });
const always = pki.root("Always");
const changing = Array.from({ length: 4 }, (_, i) => pki.root(`Changing ${i + 1}`));
const never = pki.root("Never");

describe("an agent that is killed hard at any moment of a change", () => {
  test("serves a generation that was signed for it after every restart, and converges", async () => {
    const plane = await testControlPlane();
    const directory = temporaryDirectory();
    const args = ["--identity", writeIdentity(plane, directory), "--data", join(directory, "data"), "--port", "0"];
    plane.entries.set("ca-set/1", plane.sign(plane.entry("ca-set/1", caSet(plane, "1", [always]))));
    let verified = 0;

    for (let round = 0; round < rounds; round += 1) {
      const agent = spawnAgent(args);
      const port = await agent.ready;
      const isRestart = round > 0;
      if (isRestart) expect(await tryClient(port, "1", always.leaf("client")), `round ${round}`).toBe(200);
      expect(await tryClient(port, "1", never.leaf("client"))).not.toBe(200);

      const last = plane.entries.get("ca-set/1")?.entry;
      if (last === undefined) throw new Error("nothing was announced");
      await plane.reported(last, "verified");
      verified += 1;

      const trusted = changing[round % changing.length] ?? always;
      const entry = plane.put(caSet(plane, "1", [always, trusted], round + 2));
      // Spread over fetch, storing, application and proof, and beyond.
      await pause((round * 7) % 40);
      agent.child.kill("SIGKILL");
      expect(await agent.ended).toEqual([null, "SIGKILL"]);

      const generations = plane.reports.map(({ generation }) => generation.number);
      expect(Math.max(...generations)).toBeLessThanOrEqual(entry.generation.number);
      expect(plane.reports.filter(({ state }) => state === "rejected")).toEqual([]);
    }
    expect(verified).toBe(rounds);
  });

  test("never goes back behind what it reported as applied, with the control plane away", async () => {
    const plane = await testControlPlane();
    const directory = temporaryDirectory();
    const args = ["--identity", writeIdentity(plane, directory), "--data", join(directory, "data"), "--port", "0"];
    for (let round = 0; round < rounds / 2; round += 1) {
      const agent = spawnAgent(args);
      await agent.ready;
      const [added, removed] = [changing[round % 4] ?? always, changing[(round + 3) % 4] ?? always];
      await plane.reported(plane.put(caSet(plane, "1", [always, added], round + 1)), "applied");
      agent.child.kill("SIGKILL");
      await agent.ended;
      await plane.stop();

      const alone = spawnAgent(args);
      const port = await alone.ready;
      expect(await tryClient(port, "1", added.leaf("client"))).toBe(200);
      expect(await tryClient(port, "1", removed.leaf("client"))).toBe(403);
      alone.child.kill("SIGKILL");
      await alone.ended;
      await plane.start();
    }
  });
});
