import type { Network } from "@tcm/core";
import type { ReportedState } from "./fake-node.ts";

export type ModelVersion = { mask: number; isLocked: boolean; isDeleted: boolean };

/** Of one set on one network. */
export type ModelDeployment = {
  /** Undefined for a deactivation. */
  readonly target: number | undefined;
  readonly version: number;
  readonly previous: number | undefined;
  readonly removesOnly: boolean;
  readonly deadline: number;
  readonly states: Map<string, ReportedState | "expected" | "excluded">;
};

export type ModelSet = {
  isDeleted: boolean;
  readonly versions: Map<number, ModelVersion>;
  readonly active: Map<Network, number>;
  /** What nodes are told; never told, or withdrawn: undefined. */
  readonly told: Map<Network, number>;
  readonly running: Map<Network, ModelDeployment>;
};

/** The rules of deployments once more, as plainly as they can be said; what the product does is held against it. */
export class DeploymentModel {
  readonly sets = new Map<number, ModelSet>();
  readonly #nodes: Readonly<Record<Network, readonly string[]>>;
  readonly #now: () => number;
  readonly #patienceMs: number;

  constructor(nodes: Readonly<Record<Network, readonly string[]>>, now: () => number, patienceMs: number) {
    this.#nodes = nodes;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  addSet(id: number): void {
    const empty = { versions: new Map(), active: new Map(), told: new Map(), running: new Map() };
    this.sets.set(id, { isDeleted: false, ...empty });
  }

  mayActivate(set: ModelSet, number: number, network: Network): boolean {
    if (set.isDeleted || set.versions.get(number)?.isDeleted !== false) return false;
    const running = set.running.get(network);
    if (running === undefined) return set.active.get(network) !== number;
    // Going back to what was in force is the one thing that may take the place of what runs.
    return running.previous === number && running.target !== number;
  }

  mayDeactivate(set: ModelSet, number: number, network: Network): boolean {
    return !set.isDeleted && !set.running.has(network) && set.active.get(network) === number;
  }

  mayEdit(set: ModelSet, number: number): boolean {
    const version = set.versions.get(number);
    return !set.isDeleted && version?.isDeleted === false && !version.isLocked;
  }

  mayDeleteVersion(set: ModelSet, number: number): boolean {
    const isUsed = [...set.active.values(), ...[...set.running.values()].map(({ version }) => version)].includes(
      number,
    );
    return !set.isDeleted && set.versions.get(number)?.isDeleted === false && !isUsed;
  }

  mayDelete(set: ModelSet): boolean {
    return !set.isDeleted && set.running.size === 0 && set.active.size === 0;
  }

  /** `target` undefined: off the network. */
  begin(set: ModelSet, version: number, target: number | undefined, network: Network): void {
    const [before, after] = [this.#mask(set, set.told.get(network)), this.#mask(set, target)];
    const removesOnly = (before & ~after) !== 0 && (after & ~before) === 0;
    const states = new Map(this.#nodes[network].map((nodeId) => [nodeId, "expected" as const]));
    const previous = set.active.get(network);
    const deadline = this.#now() + this.#patienceMs;
    const locked = set.versions.get(version);
    if (locked !== undefined) locked.isLocked = true;
    this.#tell(set, network, target);
    set.running.set(network, { target, version, previous, removesOnly, deadline, states });
    this.settle(set, network);
  }

  cancel(set: ModelSet, network: Network): void {
    this.#tell(set, network, set.running.get(network)?.previous);
    set.running.delete(network);
  }

  /** A node said something of the generation that nodes are told now, or was excluded. */
  note(set: ModelSet, network: Network, nodeId: string, state: ReportedState | "excluded"): void {
    const states = set.running.get(network)?.states;
    if (states?.has(nodeId) === true && states.get(nodeId) !== "excluded") states.set(nodeId, state);
  }

  settle(set: ModelSet, network: Network): void {
    const running = set.running.get(network);
    if (running === undefined) return;
    const states = [...running.states.values()].filter((state) => state !== "excluded");
    const isRejected = states.includes("rejected");
    if (isRejected && !running.removesOnly) return this.cancel(set, network);
    const isProved = states.every((state) => state === "verified");
    if (!isRejected && !isProved && this.#now() < running.deadline) return;
    set.running.delete(network);
    if (running.target === undefined) set.active.delete(network);
    else set.active.set(network, running.target);
  }

  #tell(set: ModelSet, network: Network, version: number | undefined): void {
    if (version === undefined) set.told.delete(network);
    else set.told.set(network, version);
  }

  #mask(set: ModelSet, version: number | undefined): number {
    return version === undefined ? 0 : (set.versions.get(version)?.mask ?? 0);
  }
}
