import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type NodeIdentity, nodeIdentity } from "@tcm/api-contract";
import { fixedClock, temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { beginEpoch } from "../backup/begin-epoch.ts";
import { nextGeneration } from "../manifest/write-entry.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

async function start(directory: string, clock = fixedClock()): Promise<ControlPlaneHarness> {
  const plane = await ControlPlaneHarness.start({ directory, clock });
  onTestFinished(() => plane.stop());
  return plane;
}

const fileOf = (directory: string) => join(directory, "nodes", "staging-edge.identity.json");
const read = (directory: string): NodeIdentity =>
  nodeIdentity.parse(JSON.parse(readFileSync(fileOf(directory), "utf8")));

describe("the nodes beside a control plane have what they need without anybody's doing", () => {
  test("an identity of mode 0600 each, by the CA of its network", async () => {
    const directory = temporaryDirectory();
    await start(directory);
    for (const name of readdirSync(join(directory, "nodes")))
      expect(statSync(join(directory, "nodes", name)).mode & 0o077).toBe(0);
    expect(read(directory).controlPlaneUrl).toMatch(/^https:\/\/127\.0\.0\.1:/);
  });

  test("a good certificate is kept over a restart, and so is one that the node has renewed itself", async () => {
    const directory = temporaryDirectory();
    const first = await start(directory);
    const before = read(directory);
    const renewed = { ...before, ...(await first.enrol("staging-edge", "STAGING")) };
    await first.stop();
    writeFileSync(fileOf(directory), JSON.stringify(renewed), { mode: 0o600 });
    await start(directory);
    expect(read(directory).certificate).toBe(renewed.certificate);
  });

  test("one that ran out while everything was stopped is replaced", async () => {
    const directory = temporaryDirectory();
    const clock = fixedClock();
    await (await start(directory, clock)).stop();
    const before = read(directory);
    clock.advance(30 * 86_400_000);
    const plane = await start(directory, clock);
    expect(read(directory).certificate).not.toBe(before.certificate);
    await (await plane.connect(plane.localNode("STAGING"))).close();
  });

  test("after a restore they count as enrolled anew, with the certificates that they have: a later key than the backup's is forgotten", async () => {
    const directory = temporaryDirectory();
    const first = await start(directory);
    expect(read(directory).enrolmentId).toBeUndefined();
    const { certificate } = read(directory);
    await first.controlPlane.context.store.transaction(async (queries) => {
      await nextGeneration(queries, "STAGING");
      await beginEpoch(queries, Date.now());
    });
    await first.stop();
    const second = await start(directory);
    const { enrolmentId } = read(directory);
    expect(enrolmentId).toMatch(/^epoch-\d+$/);
    expect(read(directory).certificate).toBe(certificate);
    await second.stop();
    await start(directory);
    expect(read(directory).enrolmentId).toBe(enrolmentId);
  });

  test("a store from before nodes had certificates is brought up to date: the same nodes, with certificates", async () => {
    const directory = temporaryDirectory();
    const first = await start(directory);
    const { db } = first.controlPlane.context.store;
    await db
      .updateTable("edge_nodes")
      .set({ enrolment_id: null, certificate_not_after: null, credential_hash: "ab".repeat(32) })
      .execute();
    await first.stop();
    const { signingKeys } = read(directory);
    const old = { nodeId: "staging-edge", network: "STAGING", controlPlaneUrl: "http://127.0.0.1:7301" };
    writeFileSync(fileOf(directory), JSON.stringify({ ...old, credential: "tcmn_secret", signingKeys }), {
      mode: 0o600,
    });
    const second = await start(directory);
    expect(read(directory)).toMatchObject({ nodeId: "staging-edge", signingKeys });
    await second.connectLocalNodes();
    const rows = await second.controlPlane.context.store.db.selectFrom("edge_nodes").selectAll().execute();
    expect(new Map(rows.map(({ id, credential_hash }) => [id, credential_hash]))).toEqual(
      new Map([
        ["production-edge", ""],
        ["staging-edge", ""],
      ]),
    );
  });
});
