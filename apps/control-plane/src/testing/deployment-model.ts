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
  /** Of a deployment with one node first, until the others are told. */
  pilot: ModelPilot | undefined;
  readonly states: Map<string, ReportedState | "expected" | "excluded">;
};

export type ModelPilot = { nodeId: string; readonly observationMs: number; provedAt: number | undefined };

/** What one node is told in place of what its network is told. */
export type ModelOwn = { readonly nodeId: string; readonly target: number | undefined };

export type ModelSet = {
  isDeleted: boolean;
  readonly versions: Map<number, ModelVersion>;
  readonly active: Map<Network, number>;
  /** What nodes are told; never told, or withdrawn: undefined. */
  readonly told: Map<Network, number>;
  readonly own: Map<Network, ModelOwn>;
  readonly running: Map<Network, ModelDeployment>;
  /** What was begun last of each version, and not proved: `activationOf`. */
  readonly failed: Set<string>;
};

const levels = { expected: 0, delivered: 1, applied: 2, verified: 3, rejected: 4, excluded: 5 } as const;

/** The rules of deployments once more, as plainly as they can be said; what the product does is held against it. */
export class DeploymentModel {
  readonly sets = new Map<number, ModelSet>();
  readonly drained = new Set<string>();
  readonly #nodes: Readonly<Record<Network, readonly string[]>>;
  readonly #now: () => number;
  readonly #patienceMs: number;

  constructor(nodes: Readonly<Record<Network, readonly string[]>>, now: () => number, patienceMs: number) {
    this.#nodes = nodes;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  addSet(id: number): void {
    const empty = { versions: new Map(), active: new Map(), told: new Map(), own: new Map(), running: new Map() };
    this.sets.set(id, { isDeleted: false, ...empty, failed: new Set() });
  }

  mayActivate(set: ModelSet, number: number, network: Network): boolean {
    if (set.isDeleted || set.versions.get(number)?.isDeleted !== false) return false;
    const running = set.running.get(network);
    const hasFailed = set.failed.has(activationOf(network, number, true));
    if (running === undefined) return set.active.get(network) !== number || set.own.has(network) || hasFailed;
    // Going back to what was in force is the one thing that may take the place of what runs.
    return running.previous === number && running.target !== number;
  }

  mayDeactivate(set: ModelSet, number: number, network: Network): boolean {
    const active = set.active.get(network);
    const isToBeProved = active === undefined && set.failed.has(activationOf(network, number, false));
    const isThere = set.versions.get(number)?.isDeleted === false;
    return !set.isDeleted && isThere && !set.running.has(network) && (active === number || isToBeProved);
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

  /** Nodes that a deployment waits for which begins now. */
  expected(network: Network): readonly string[] {
    return this.#nodes[network].filter((nodeId) => !this.drained.has(nodeId));
  }

  /** `target` undefined: off the network. */
  begin(
    set: ModelSet,
    { version, target, pilot }: Pick<ModelDeployment, "version" | "target" | "pilot">,
    network: Network,
  ): void {
    const [before, after] = [this.#mask(set, set.told.get(network)), this.#mask(set, target)];
    const removesOnly = (before & ~after) !== 0 && (after & ~before) === 0;
    const states = new Map(this.expected(network).map((nodeId) => [nodeId, "expected" as const]));
    const previous = set.active.get(network);
    const deadline = this.#now() + this.#patienceMs + (pilot?.observationMs ?? 0);
    const locked = set.versions.get(version);
    if (locked !== undefined) locked.isLocked = true;
    // A roll back takes the place of what runs.
    this.#end(set, network, false);
    if (pilot === undefined) this.#tell(set, network, target);
    else set.own.set(network, { nodeId: pilot.nodeId, target });
    set.running.set(network, { target, version, previous, removesOnly, deadline, pilot, states });
    this.settle(set, network);
  }

  cancel(set: ModelSet, network: Network): void {
    this.#tell(set, network, set.running.get(network)?.previous);
    this.#end(set, network, false);
  }

  #end(set: ModelSet, network: Network, isProved: boolean): void {
    const running = set.running.get(network);
    if (running === undefined) return;
    const activation = activationOf(network, running.version, running.target !== undefined);
    if (isProved) set.failed.delete(activation);
    else set.failed.add(activation);
    set.running.delete(network);
  }

  /** A node said something of the generation that nodes are told now, or was excluded. */
  note(set: ModelSet, network: Network, nodeId: string, state: ReportedState | "excluded"): void {
    const states = set.running.get(network)?.states;
    const before = states?.get(nodeId);
    // Of one generation a node goes forward only.
    if (before !== undefined && levels[state] >= levels[before]) states?.set(nodeId, state);
  }

  drain(nodeId: string, network: Network): void {
    this.drained.add(nodeId);
    for (const set of this.sets.values()) {
      const before = set.running.get(network)?.states.get(nodeId);
      if (before === undefined || before === "excluded") continue;
      this.note(set, network, nodeId, "excluded");
      this.settle(set, network);
    }
  }

  settle(set: ModelSet, network: Network): void {
    const running = set.running.get(network);
    if (running === undefined) return;
    if (running.pilot !== undefined && !this.#isReleased(set, network, running, running.pilot)) return;
    const states = [...running.states.values()].filter((state) => state !== "excluded");
    const isRejected = states.includes("rejected");
    if (isRejected && !running.removesOnly) return this.cancel(set, network);
    const isProved = states.every((state) => state === "verified");
    if (!isRejected && !isProved && this.#now() < running.deadline) return;
    this.#end(set, network, isProved);
    if (running.target === undefined) set.active.delete(network);
    else set.active.set(network, running.target);
  }

  /** Takes one node first as far as it goes; true: the others are told, and the rest is as ever. */
  #isReleased(set: ModelSet, network: Network, running: ModelDeployment, pilot: ModelPilot): boolean {
    const { states, target, previous, removesOnly, deadline } = running;
    const counted = [...states].filter(([, state]) => state !== "excluded").toSorted(([a], [b]) => (a < b ? -1 : 1));
    if (states.get(pilot.nodeId) === "excluded" && counted.length > 0) {
      const [heard] = counted.filter(([, state]) => state !== "expected");
      pilot.nodeId = (heard ?? counted[0] ?? [""])[0];
      pilot.provedAt = undefined;
      set.own.set(network, { nodeId: pilot.nodeId, target });
    }
    const state = states.get(pilot.nodeId);
    const now = this.#now();
    const stop = (): boolean => {
      // A roll back: what it took the place of is in force nowhere, and stays with nobody.
      if (removesOnly && target !== previous) this.#end(set, network, false);
      else this.cancel(set, network);
      return false;
    };
    if (state === "rejected") return stop();
    const isOver = (): boolean => pilot.provedAt !== undefined && now >= pilot.provedAt + pilot.observationMs;
    if (state !== "excluded" && !isOver()) {
      if (now >= deadline) return stop();
      if (state === "verified") pilot.provedAt ??= now;
      if (!isOver()) return false;
    }
    running.pilot = undefined;
    this.#tell(set, network, target);
    return true;
  }

  #tell(set: ModelSet, network: Network, version: number | undefined): void {
    set.own.delete(network);
    if (version === undefined) set.told.delete(network);
    else set.told.set(network, version);
  }

  #mask(set: ModelSet, version: number | undefined): number {
    return version === undefined ? 0 : (set.versions.get(version)?.mask ?? 0);
  }
}

function activationOf(network: Network, version: number, isOn: boolean): string {
  return `${network} ${version} ${isOn ? "on" : "off"}`;
}
