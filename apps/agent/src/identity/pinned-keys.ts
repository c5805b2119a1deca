import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { keySuccessor, maxKeySuccessors, type NodeIdentity } from "@tcm/api-contract";
import {
  type AnnouncementContext,
  findKey,
  judgeKey,
  type KeyRing,
  type KeyRingCrypto,
  type KeySuccessor,
  takeSuccessor,
} from "@tcm/core";
import { verifyEd25519 } from "@tcm/node-crypto";
import { type AgentLog, logged } from "../agent-log.ts";
import { words } from "../start-error.ts";
import { writeDurablyNow } from "../state/write-durably.ts";

/** The keys that this node believes: those pinned when it was enrolled, and what they named as their successors. */
export type PinnedKeys = {
  readonly verifyAnnounced: AnnouncementContext["verifySignature"];
  /** Of what lies on this node's disk, where a key that has retired since counts as well. */
  readonly verifyStored: AnnouncementContext["verifySignature"];
  /** Takes what can be believed; it is safe on disk before anything is judged by it. Throws when the disk refuses it. */
  succeed(successors: readonly KeySuccessor[]): void;
};

const fileName = "key-successors.json";
/** Each is 500 bytes. */
const maxFileBytes = maxKeySuccessors * 1024;

const crypto: KeyRingCrypto = {
  verify: ({ spki }, data, signature) =>
    verifyEd25519(Buffer.from(spki, "base64"), data, Buffer.from(signature, "base64")),
  keyIdOf: (spki) => createHash("sha256").update(Buffer.from(spki, "base64")).digest("hex").slice(0, 16),
};

/**
 * The file is not trusted: every word in it is verified again, from the pinned keys on. What was heard under an earlier enrolment is
 * left aside: whoever enrols a node again, after a restore from a backup say, has it believe the keys of now.
 */
export function openPinnedKeys(identity: NodeIdentity, directory: string, log: AgentLog): PinnedKeys {
  const { network, signingKeys, enrolmentId } = identity;
  const file = join(directory, fileName);
  const take = (from: KeyRing, said: KeySuccessor): KeyRing => {
    const decision = takeSuccessor(from, said, crypto);
    if (decision.take === "accept") return decision.ring;
    if (decision.take === "reject") {
      const about = { keyId: said.keyId, successorKeyId: said.successor.keyId, detail: logged(decision.detail) };
      log.error(about, "another signing key was named that this node does not believe");
    }
    return from;
  };
  let ring = readSuccessors(file, enrolmentId, log).reduce(take, { network, pinned: signingKeys, successors: [] });
  return {
    verifyAnnounced: (keyId, data, signature, generation) =>
      verdict(ring, judgeKey(ring, keyId, generation, "announced"), keyId, data, signature),
    verifyStored: (keyId, data, signature, generation) =>
      verdict(ring, judgeKey(ring, keyId, generation, "stored"), keyId, data, signature),
    succeed: (successors) => {
      const next = successors.reduce(take, ring);
      if (next === ring) return;
      writeDurablyNow(file, `${JSON.stringify({ format: 1, enrolmentId, successors: next.successors })}\n`);
      ring = next;
      log.info({ keyId: ring.successors.at(-1)?.successor.keyId }, "another signing key took over");
    },
  };
}

function verdict(
  ring: KeyRing,
  judged: ReturnType<typeof judgeKey>,
  keyId: string,
  data: Uint8Array,
  signature: string,
): "valid" | "invalid" | "unknown" | "retired" {
  const key = findKey(ring, keyId);
  if (judged !== "usable" || key === undefined) return judged === "retired" ? "retired" : "unknown";
  return crypto.verify(key, data, signature) ? "valid" : "invalid";
}

/** None where there is no file; what cannot be read is said, and comes again with the next session. */
function readSuccessors(file: string, enrolmentId: string | undefined, log: AgentLog): readonly KeySuccessor[] {
  try {
    if (statSync(file).size > maxFileBytes) throw new Error("it is too large");
    const kept = JSON.parse(readFileSync(file, "utf8")) as {
      readonly enrolmentId?: unknown;
      readonly successors?: unknown;
    };
    return kept.enrolmentId === enrolmentId ? keySuccessor.array().parse(kept.successors) : [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      log.error({ file, reason: logged(words(error)) }, "the signing keys that took over cannot be read from disk");
    return [];
  }
}
