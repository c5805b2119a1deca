import { controlPlaneMessage } from "@tcm/api-contract";
import { type Network, networks, type SignedManifestEntry } from "@tcm/core";
import { createTemporaryDirectory, type FixedClock, fixedClock, removeDirectory, testPki } from "@tcm/testkit";
import { operatorKey } from "../keys/operator-key.ts";
import { openSigningKeys, type SigningKeys } from "../keys/signing-keys.ts";
import { type ManifestCache, openManifestCache } from "../nodes/manifest-cache.ts";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { enrolNode } from "../operations/edge-nodes/enrol-node.ts";
import { defaultLimits } from "../operations/limits.ts";
import { openExistingStore, openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { ValidationPool } from "../validation/validation-pool.ts";
import { deadlineMs } from "./deployment-harness.ts";
import { ModelNode } from "./model-node.ts";

const validation = new ValidationPool();
const pki = testPki();
const roots = ["A", "B", "C", "D"].map((name) => pki.root(name));

/** Members of a version by the bits of a number from 1 to 15. */
export function membersOf(mask: number): readonly { readonly pem: string; readonly fingerprint: string }[] {
  return roots.filter((_root, bit) => (mask & (1 << bit)) !== 0);
}

type Replica = { readonly store: Store; readonly context: DeploymentContext; readonly manifest: ManifestCache };

/** Two control planes at the level of operations on one embedded store on disk, and nodes, with the clock in the test's hand. */
export class ModelWorld {
  readonly clock: FixedClock = fixedClock();
  readonly nodes: ModelNode[] = [];
  /** Every commit that changed what nodes serve announced it, and nothing else did. */
  announcements = 0;
  readonly #directory = createTemporaryDirectory();
  readonly #replicas: Replica[] = [];
  readonly operatorKey = operatorKey(Buffer.alloc(32, 7));

  static async open(nodes: Readonly<Record<Network, number>>): Promise<ModelWorld> {
    const world = new ModelWorld();
    await world.crash(0);
    await world.crash(1);
    const keys = await openSigningKeys(world.replica(0).store, world.operatorKey, world.clock.now);
    for (const network of networks)
      for (let i = 0; i < nodes[network]; i++) await world.#enrol(`${network.toLowerCase()}-${i}`, network, keys);
    return world;
  }

  replica(index: number): Replica {
    const found = this.#replicas[index % 2];
    if (found === undefined) throw new Error("not open");
    return found;
  }

  /** The process dies and another one takes its place: only what is on disk is left. */
  async crash(index: number): Promise<void> {
    const i = index % 2;
    await this.#replicas[i]?.store.close();
    const store = await (i === 0 ? openStore(this.#directory) : openExistingStore(this.#directory));
    const keys = await openSigningKeys(store, this.operatorKey, this.clock.now);
    const fleet = { announce: () => void this.announcements++, isConnected: () => false };
    const own = { controlPlaneId: `replica-${i}`, contactWithinMs: 20_000, deploymentDeadlineMs: deadlineMs };
    const shared = { clock: this.clock.now, limits: defaultLimits, accountId: "A-TCM", validation };
    this.#replicas[i] = {
      store,
      context: { store, fleet, ...shared, ...own },
      manifest: openManifestCache(store, keys),
    };
  }

  /** A context whose process dies before a commit of it is on disk. */
  dying(index: number): DeploymentContext {
    const { context, store } = this.replica(index);
    const transaction: Store["transaction"] = (work) =>
      store.transaction(async (queries) => {
        await work(queries);
        throw new Error("the process died");
      });
    return { ...context, store: { ...store, transaction } };
  }

  /** What the node is told by this control plane now: everything, as at the start of a session. */
  async announced(index: number, node: ModelNode): Promise<readonly SignedManifestEntry[]> {
    const { manifest } = this.replica(index);
    await manifest.refresh(node.network);
    const line = manifest.successorsLine(node.network);
    const said = line === undefined ? undefined : controlPlaneMessage.parse(JSON.parse(line));
    if (said?.type === "key-successors") node.follow(said.successors);
    const entries = manifest.entriesAfter(node, 0);
    return entries.map((entry) => JSON.parse(manifest.signFor(node.nodeId, entry)) as SignedManifestEntry);
  }

  async close(): Promise<void> {
    for (const { store } of this.#replicas) await store.close();
    removeDirectory(this.#directory);
  }

  async #enrol(nodeId: string, network: Network, keys: SigningKeys): Promise<void> {
    await enrolNode(this.replica(0).store, this.clock.now, nodeId, network);
    this.nodes.push(new ModelNode(nodeId, network, keys[network]));
  }
}
