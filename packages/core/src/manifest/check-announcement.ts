import type { CryptoPort } from "../signature/crypto-port.ts";
import { entryDigest, signedBytes } from "./entry-digest.ts";
import { compareGenerations, formatGeneration } from "./generation.ts";
import type {
  EntryContent,
  Generation,
  ManifestEntry,
  Network,
  NodeRejection,
  SignedManifestEntry,
} from "./manifest-entry.ts";

/** What a node knows of itself and of one entry when an announcement arrives. */
export type AnnouncementContext = {
  readonly nodeId: string;
  readonly network: Network;
  /** The highest generation ever taken for this entry, served or not; undefined for a new one. */
  readonly held: { readonly generation: Generation; readonly digest: string } | undefined;
  readonly crypto: Pick<CryptoPort, "sha256">;
  /** "unknown" where the key is neither pinned nor a successor of one that is; "retired" where another took its place. */
  readonly verifySignature: (
    keyId: string,
    data: Uint8Array,
    signature: string,
    generation: Generation,
  ) => "valid" | "invalid" | "unknown" | "retired";
};

export type AnnouncementDecision =
  | { readonly take: "accept"; readonly entry: ManifestEntry }
  | { readonly take: "ignore" }
  | { readonly take: "reject"; readonly rejection: NodeRejection };

/** The node's own judgement of what it is told to serve. Whatever the transport says, only this decides. */
export function checkAnnouncement(
  { entry, nodeId, keyId, signature }: SignedManifestEntry,
  context: AnnouncementContext,
): AnnouncementDecision {
  if (entry.network !== context.network) return reject("network-mismatch", `The entry is for ${entry.network}.`);
  if (nodeId !== context.nodeId) return reject("node-mismatch", `The entry is signed for node ${nodeId}.`);
  const verdict = context.verifySignature(keyId, signedBytes(entry, nodeId), signature, entry.generation);
  if (verdict === "unknown") return reject("signing-key-unknown", `Key ${keyId} is not pinned on this node.`);
  if (verdict === "retired") return reject("signing-key-retired", `Another key has taken the place of ${keyId}.`);
  if (verdict === "invalid") return reject("signature-invalid", "The signature does not verify.");
  if (entryDigest(entry.content, context.crypto) !== entry.digest)
    return reject("digest-mismatch", "The content is not what was signed.");
  if (entry.content !== null && entryIdOf(entry.content) !== entry.entryId) {
    return reject("entry-malformed", `The content belongs to ${entryIdOf(entry.content)}.`);
  }
  return checkGeneration(entry, context.held);
}

function checkGeneration(entry: ManifestEntry, held: AnnouncementContext["held"]): AnnouncementDecision {
  if (held === undefined) return { take: "accept", entry };
  const order = compareGenerations(entry.generation, held.generation);
  if (order > 0) return { take: "accept", entry };
  if (order === 0 && entry.digest === held.digest) return { take: "ignore" };
  const detail = `Generation ${formatGeneration(entry.generation)} does not follow ${formatGeneration(held.generation)}.`;
  return reject("generation-regressed", detail);
}

function reject(code: NodeRejection["code"], detail: string): AnnouncementDecision {
  return { take: "reject", rejection: { code, detail } };
}

/** The name under which content stands in the manifest. */
export function entryIdOf(content: EntryContent): string {
  return content.kind === "ca-set" ? `ca-set/${content.caSetId}` : `edge-certificate/${content.edgeCertificateId}`;
}
