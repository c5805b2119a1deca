import type { ActivationView } from "@tcm/api-contract";
import { entryDigest, type Network, networks, type Outcome, type Problem } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { type FixedClock, fixedClock } from "@tcm/testkit";
import { onTestFinished } from "vitest";
import { readEntry } from "../manifest/read-entries.ts";
import { activateVersion } from "../operations/activations/activate-version.ts";
import type { Actor } from "../operations/actor.ts";
import { createCaSet } from "../operations/ca-sets/create-ca-set.ts";
import { createVersion } from "../operations/versions/create-version.ts";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { type AuthenticatedNode, enrolNode } from "../operations/edge-nodes/enrol-node.ts";
import { getActivation, getActivationNodes } from "../operations/activations/read-activations.ts";
import { recordReports } from "../operations/activations/record-reports.ts";
import { defaultLimits } from "../operations/limits.ts";
import { openMemoryStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { ValidationPool } from "../validation/validation-pool.ts";
import type { ReportedState } from "./fake-node.ts";

type Member = { readonly pem: string };

export const admin: Actor = { name: "operator", role: "admin" };
export const deadlineMs = 600_000;

/** One thread for all tests of a file; it does not keep the process. */
const validation = new ValidationPool();

/** Operations on a store in memory, with nodes that say what the test has them say. */
export class DeploymentHarness {
  readonly context: DeploymentContext;
  readonly clock: FixedClock;
  /** Networks whose nodes were told of a change, in order. */
  readonly announced: Network[] = [];
  #names = 0;

  private constructor(context: Omit<DeploymentContext, "fleet">, clock: FixedClock) {
    const fleet = { announce: (network: Network) => void this.announced.push(network), isConnected: () => false };
    this.context = { ...context, fleet };
    this.clock = clock;
  }

  /** Closed when the running test ends. */
  static async open(opening: Promise<Store> = openMemoryStore()): Promise<DeploymentHarness> {
    const clock = fixedClock();
    const store = await opening;
    onTestFinished(() => store.close());
    const context = { store, clock: clock.now, limits: defaultLimits, accountId: "A-TCM", validation };
    const deployment = { deploymentDeadlineMs: deadlineMs, controlPlaneId: "this-one", contactWithinMs: 20_000 };
    return new DeploymentHarness({ ...context, ...deployment }, clock);
  }

  /** A node that says nothing until it is told to. */
  async node(nodeId: string, network: Network, highestLevel: "applied" | "verified" = "verified") {
    const { store, clock } = this.context;
    await enrolNode(store, clock, nodeId, network);
    await store.db.updateTable("edge_nodes").set({ highest_level: highestLevel }).where("id", "=", nodeId).execute();
    return { nodeId, network };
  }

  /** A new set with one version for each list. */
  async caSet(...versions: readonly (readonly Member[])[]): Promise<number> {
    const caSetName = `set-${++this.#names}`;
    const created = value(await createCaSet(this.context, admin, { caSetName, description: null }));
    const id = Number(created.caSetId);
    for (const members of versions) await this.version(id, members);
    return id;
  }

  async version(caSetId: number, members: readonly Member[]): Promise<number> {
    const request = {
      requireRootCertificate: false,
      certificates: members.map(({ pem }) => ({ certificatePem: pem })),
    };
    return value(await createVersion(this.context, admin, caSetId, request)).version;
  }

  async activate(caSetId: number, version: number, network: Network): Promise<ActivationView> {
    return value(await activateVersion(this.context, admin, caSetId, { version, network }));
  }

  /** Active on both networks, which have no nodes yet. */
  async activateOnBoth(caSetId: number, version: number): Promise<void> {
    for (const network of networks) await this.activate(caSetId, version, network);
  }

  /** The node speaks of what it was told of the set last. */
  async report(node: AuthenticatedNode, caSetId: number, state: ReportedState): Promise<void> {
    const { generation, digest } = await this.entry(caSetId, node.network);
    const said = { entryId: `ca-set/${caSetId}`, generation, digest, state };
    const rejection = { code: "engine-refused", detail: "the engine does not like it" };
    const report = state === "rejected" ? { ...said, rejection } : said;
    await recordReports(this.context, [{ node, report }]);
  }

  /** What the nodes of the network are told to serve of the set. */
  async entry(caSetId: number, network: Network) {
    const entry = await readEntry(this.context.store.db, network, `ca-set/${caSetId}`);
    if (entry === undefined) throw new Error(`nothing was ever written for ${caSetId} on ${network}`);
    if (entry.digest !== entryDigest(entry.content, nodeCrypto)) throw new Error("the digest is not of the content");
    return entry;
  }

  /** Version and generation that the network's nodes are told, as "version@number"; "none" when withdrawn. */
  async told(caSetId: number, network: Network): Promise<string> {
    const { content, generation } = await this.entry(caSetId, network);
    const version = content?.kind === "ca-set" ? String(content.version) : "none";
    return `${version}@${generation.number}`;
  }

  async read({ caSetId, version, activationId }: ActivationView): Promise<ActivationView> {
    return value(await getActivation(this.context, { caSetId: Number(caSetId), version, activationId }));
  }

  async nodes({ caSetId, version, activationId }: ActivationView) {
    return value(await getActivationNodes(this.context, { caSetId: Number(caSetId), version, activationId })).nodes;
  }

  /** Which version is in force; undefined when none is. */
  async inForce(caSetId: number, network: Network): Promise<number | undefined> {
    const row = await this.context.store.db
      .selectFrom("ca_set_networks")
      .select("active_version")
      .where("ca_set_id", "=", caSetId)
      .where("network", "=", network)
      .executeTakeFirst();
    return row?.active_version;
  }

  /** Types on the record of the set, oldest first. */
  async activities(caSetId: number): Promise<readonly string[]> {
    const rows = await this.context.store.db
      .selectFrom("activities")
      .select("type")
      .where("ca_set_id", "=", caSetId)
      .orderBy("id")
      .execute();
    return rows.map(({ type }) => type);
  }
}

export function idsOf({ caSetId, version, activationId }: ActivationView) {
  return { caSetId: Number(caSetId), version, activationId };
}

/** Throws the problem when it was refused. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}

export function problem(outcome: Outcome<unknown>): Problem {
  if (outcome.ok) throw new Error(`not refused: ${JSON.stringify(outcome.value)}`);
  return outcome.problem;
}
