import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ActivationView, activation, activationList, caSet, version, versionList } from "@tcm/api-contract";
import { type Network, networks } from "@tcm/core";
import { freePorts, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Ask, apiClient } from "./testing/api-client.ts";
import { certificateList, expectStatus } from "./testing/control-plane-harness.ts";
import { ControlPlaneProcess, runTokenMain } from "./testing/control-plane-process.ts";
import { RoamingNode } from "./testing/roaming-node.ts";
import { openExistingStore } from "./store/open-store.ts";

/** 200 in a full run. */
const rounds = Number(process.env["TCM_KILL_ROUNDS"] ?? 30);
/** A loaded machine takes seconds to start a process. */
const timeoutMs = 600_000 + rounds * 15_000;
/**
 * When the process is killed. Even rounds: this long after a deployment was acknowledged, while nodes prove it. Odd rounds: this
 * long after the upload was sent, so before, in and between upload and deployment.
 */
const killAfterMs = (round: number): number => (round % 2 === 0 ? (round * 1.5) % 20 : (round * 47) % 700);

/** Undefined when the process died before it answered. */
async function tried<T>(request: Promise<T>): Promise<T | undefined> {
  return request.catch(() => undefined);
}

async function noneRuns(ask: Ask, caSetId: string): Promise<readonly ActivationView[]> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await ask("GET", `/ca-sets/${caSetId}/activations`);
    const { activations } = expectStatus(answer, 200, activationList);
    if (activations.every(({ activationStatus }) => activationStatus !== "IN_PROGRESS")) return activations;
    if (Date.now() > deadline) throw new Error(`a deployment does not end: ${answer.text}`);
  }
}

describe("killed at any moment of a deployment, the control plane loses nothing that it acknowledged", () => {
  test(`and every deployment ends exactly once (${rounds} rounds)`, { timeout: timeoutMs }, async () => {
    const directory = temporaryDirectory();
    const ports = await freePorts(2);
    const pki = testPki({ now: new Date() });
    const start = () => ControlPlaneProcess.start(directory, ports, ["--limits", "versionsPerCaSet=10000"]);
    let process = await start();
    onTestFinished(async () => void (await process.end("SIGKILL")));
    const token = (await runTokenMain("--role", "admin", "--data", directory)).stdout.trim();
    const ask = apiClient(process.url, token);
    const nodes = networks.map((network) => new RoamingNode(process.localNode(network), [process.ready.nodeUrl]));
    onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.stop()))));

    const { caSetId } = expectStatus(await ask("POST", "/ca-sets", { body: { caSetName: "survivor" } }), 201, caSet);
    const acknowledgedVersions = new Map<number, string>();
    const acknowledged = new Set<number>();
    const endings = new Map<number, string>();
    let interrupted = 0;

    for (let round = 0; round < rounds; round++) {
      const root = pki.root(`Root ${round}`);
      const network: Network = round % 3 === 2 ? "PRODUCTION" : "STAGING";
      const versions = `/ca-sets/${caSetId}/versions`;
      const work = async (): Promise<void> => {
        const created = await ask("POST", versions, { body: { certificates: certificateList([root]) } });
        const made = expectStatus(created, 201, version);
        acknowledgedVersions.set(made.version, root.fingerprint);
        const begun = await ask("POST", `${versions}/${made.version}/activate`, { body: { network } });
        acknowledged.add(expectStatus(begun, 202, activation).activationId);
      };
      const working = tried(work());
      if (round % 2 === 0) await working;
      await delay(killAfterMs(round));
      await process.end("SIGKILL");
      await working;

      interrupted += await countRunning(directory);
      process = await start();
      const activations = await noneRuns(ask, caSetId);
      for (const { activationId, activationStatus, modifiedDate, failureReason } of activations) {
        const ending = `${activationStatus} ${modifiedDate} ${failureReason}`;
        expect(endings.get(activationId) ?? ending, `activation ${activationId} ended twice`).toBe(ending);
        endings.set(activationId, ending);
        expect(activationStatus).toBe("COMPLETE");
      }
      expect([...acknowledged].filter((id) => !endings.has(id))).toEqual([]);

      const set = expectStatus(await ask("GET", `/ca-sets/${caSetId}`), 200, caSet);
      const newest = (on: Network) => activations.find((one) => one.network === on)?.version ?? null;
      expect([set.stagingVersion, set.productionVersion]).toEqual([newest("STAGING"), newest("PRODUCTION")]);
      for (const node of nodes) {
        expect(node.faults).toEqual([]);
        const held = node.held.get(`ca-set/${caSetId}`)?.version ?? null;
        expect(held).toBe(newest(node.account.network));
      }
    }

    const stored = expectStatus(
      await ask("GET", `/ca-sets/${caSetId}/versions?includeCertificates=true`),
      200,
      versionList,
    ).versions;
    for (const [number, fingerprint] of acknowledgedVersions) {
      const found = stored.find((one) => one.version === number);
      expect(found?.certificates?.map((one) => one.fingerprint)).toEqual([fingerprint]);
    }
    expect(acknowledged.size).toBeGreaterThan(rounds / 3);
    await process.end("SIGTERM");
    await expectOneRecordEach(directory, endings.size);
    console.info(
      `${endings.size} deployments in ${rounds} rounds, ${interrupted} of them under way when the process died`,
    );
  });
});

async function countRunning(directory: string): Promise<number> {
  const store = await openExistingStore(directory);
  try {
    const rows = await store.db.selectFrom("activations").select("id").where("status", "=", "IN_PROGRESS").execute();
    return rows.length;
  } finally {
    await store.close();
  }
}

/** Every activation stands once on the record, with a generation of its own, and in rising order. */
async function expectOneRecordEach(directory: string, count: number): Promise<void> {
  const store = await openExistingStore(directory);
  try {
    const rows = await store.db.selectFrom("activations").selectAll().orderBy("id").execute();
    const activities = await store.db
      .selectFrom("activities")
      .select("id")
      .where("type", "=", "ACTIVATE_CA_SET_VERSION")
      .execute();
    expect([rows.length, activities.length]).toEqual([count, count]);
    for (const network of networks) {
      const generations = rows.filter((row) => row.network === network).map(({ generation }) => generation);
      expect(generations).toEqual(generations.map((_, i) => i + 1));
    }
  } finally {
    await store.close();
  }
}

describe("killed while it makes its store", () => {
  test("it starts again, and is whole", async () => {
    const directory = temporaryDirectory();
    const store = join(directory, "store.sqlite");
    for (let round = 0; round < 25; round++) {
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
      const starting = ControlPlaneProcess.spawn("--data", directory, "--port", "0", "--node-port", "0");
      await expect.poll(() => existsSync(store), { timeout: 120_000, interval: 1 }).toBe(true);
      await delay(round);
      await starting.end("SIGKILL");
      const again = await ControlPlaneProcess.start(directory);
      const token = (await runTokenMain("--role", "admin", "--data", directory)).stdout.trim();
      const created = await apiClient(again.url, token)("POST", "/ca-sets", { body: { caSetName: "whole" } });
      expect(created.status).toBe(201);
      await again.end("SIGTERM");
    }
  });
});
