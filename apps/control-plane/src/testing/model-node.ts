import { hash } from "node:crypto";
import {
  checkAnnouncement,
  type EntryContent,
  findKey,
  type Generation,
  judgeKey,
  type KeyRing,
  type KeyRingCrypto,
  type KeySuccessor,
  type Network,
  type PublicSigningKey,
  type SignedManifestEntry,
  takeSuccessor,
} from "@tcm/core";
import { nodeCrypto, verifyEd25519 } from "@tcm/node-crypto";
import type { NodeReport } from "../operations/activations/record-reports.ts";
import type { ReportedState } from "./fake-node.ts";

/** How an engine takes what it is told; `lies`: it claims to serve what it does not. */
export type Mood = "proves" | "rejects" | "dawdles" | "lies";

export type HeldEntry = {
  readonly generation: Generation;
  readonly digest: string;
  readonly state: ReportedState;
  /** What it serves; a rejected entry leaves the last good one. */
  readonly served: EntryContent | null | undefined;
};

const states: Readonly<Record<Mood, ReportedState>> = {
  proves: "verified",
  rejects: "rejected",
  dawdles: "delivered",
  lies: "verified",
};

const ringCrypto: KeyRingCrypto = {
  keyIdOf: (spki) => hash("sha256", Buffer.from(spki, "base64")).slice(0, 16),
  verify: ({ spki }, data, signature) =>
    verifyEd25519(Buffer.from(spki, "base64"), data, Buffer.from(signature, "base64")),
};

/** A node at the level of operations: it judges what was signed for it as every node does, and its engine has moods. */
export class ModelNode {
  readonly nodeId: string;
  readonly network: Network;
  /** What must never happen. */
  readonly faults: string[] = [];
  readonly held = new Map<string, HeldEntry>();
  #ring: KeyRing;

  /** `pinned`: the key that signed when it was enrolled. */
  constructor(nodeId: string, network: Network, { keyId, spki }: PublicSigningKey) {
    this.nodeId = nodeId;
    this.network = network;
    this.#ring = { network, pinned: [{ keyId, spki }], successors: [] };
  }

  loseDisk(): void {
    this.held.clear();
    this.#ring = { ...this.#ring, successors: [] };
  }

  follow(successors: readonly KeySuccessor[]): void {
    for (const said of successors) {
      const decision = takeSuccessor(this.#ring, said, ringCrypto);
      if (decision.take === "accept") this.#ring = decision.ring;
      if (decision.take === "reject") this.faults.push(`key ${said.successor.keyId}: ${decision.detail}`);
    }
  }

  /**
   * Takes an announcement; answers what it reports of it, if anything. `mayBeAhead`: it went first, and another node does now, so that
   * it may hold a later generation than it is told.
   */
  take(announcement: SignedManifestEntry, mood: Mood, mayBeAhead = false): NodeReport | undefined {
    const { entryId } = announcement.entry;
    const held = this.held.get(entryId);
    const decision = this.#judge(announcement, held);
    if (decision.take === "reject") {
      if (mayBeAhead && decision.rejection.code === "generation-regressed") return undefined;
      this.faults.push(`${entryId}: ${decision.rejection.detail}`);
      return undefined;
    }
    const isSettled = held?.state === "verified" || held?.state === "rejected";
    if (decision.take === "ignore" && isSettled) return undefined;
    const { generation, digest, content } = announcement.entry;
    const state = states[mood];
    const served = state === "verified" ? content : held?.served;
    this.held.set(entryId, { generation, digest, state, served });
    return this.#report(entryId, { generation, digest: mood === "lies" ? "0".repeat(64) : digest, state });
  }

  /** Everything that it holds, as a hello has it. */
  account(): readonly NodeReport["report"][] {
    return [...this.held].map(([entryId, held]) => this.#report(entryId, held).report);
  }

  #judge(announcement: SignedManifestEntry, held: HeldEntry | undefined) {
    return checkAnnouncement(announcement, {
      nodeId: this.nodeId,
      network: this.network,
      held,
      crypto: nodeCrypto,
      verifySignature: (keyId, data, signature, generation) => {
        const judged = judgeKey(this.#ring, keyId, generation, "announced");
        const key = findKey(this.#ring, keyId);
        if (judged !== "usable" || key === undefined) return judged === "retired" ? "retired" : "unknown";
        return ringCrypto.verify(key, data, signature) ? "valid" : "invalid";
      },
    });
  }

  #report(
    entryId: string,
    { generation, digest, state }: Pick<HeldEntry, "generation" | "digest" | "state">,
  ): NodeReport {
    const { nodeId, network } = this;
    const said = { entryId, generation, digest, state };
    const rejection = { code: "engine-refused", detail: "it does not like it" } as const;
    return { node: { nodeId, network }, report: state === "rejected" ? { ...said, rejection } : said };
  }
}
