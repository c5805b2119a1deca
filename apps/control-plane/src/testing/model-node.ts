import {
  checkAnnouncement,
  type EntryContent,
  type Generation,
  type Network,
  type SignedManifestEntry,
} from "@tcm/core";
import { nodeCrypto, verifyEd25519 } from "@tcm/node-crypto";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { NodeReport } from "../operations/record-reports.ts";
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

/** A node at the level of operations: it judges what was signed for it as every node does, and its engine has moods. */
export class ModelNode {
  readonly nodeId: string;
  readonly network: Network;
  /** What must never happen. */
  readonly faults: string[] = [];
  readonly held = new Map<string, HeldEntry>();
  readonly #keys: SigningKeys;

  constructor(nodeId: string, network: Network, keys: SigningKeys) {
    this.nodeId = nodeId;
    this.network = network;
    this.#keys = keys;
  }

  /** Takes an announcement; answers what it reports of it, if anything. */
  take(announcement: SignedManifestEntry, mood: Mood): NodeReport | undefined {
    const { entryId } = announcement.entry;
    const held = this.held.get(entryId);
    const decision = this.#judge(announcement, held);
    if (decision.take === "reject") {
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
    const { keyId, spki } = this.#keys[this.network];
    return checkAnnouncement(announcement, {
      nodeId: this.nodeId,
      network: this.network,
      held,
      crypto: nodeCrypto,
      verifySignature: (id, data, signature) => {
        if (id !== keyId) return "unknown";
        const isValid = verifyEd25519(Buffer.from(spki, "base64"), data, Buffer.from(signature, "base64"));
        return isValid ? "valid" : "invalid";
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
