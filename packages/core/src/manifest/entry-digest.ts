import type { CryptoPort } from "../signature/crypto-port.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { EntryContent, ManifestEntry } from "./manifest-entry.ts";

/** SHA-256 over the canonical JSON of the content, lower-case hex; a withdrawn entry's content is `null`. */
export function entryDigest(content: EntryContent | null, crypto: Pick<CryptoPort, "sha256">): string {
  return crypto.sha256(encodeUtf8(canonicalJson(content)));
}

/** Names the protocol and its version, so that no signature made for another purpose can be passed off as one of these. */
const domain = "trust-chain-manager manifest-entry v1\n";

/** The bytes that the control plane signs for one node: an entry cannot be replayed to another node, network or time. */
export function signedBytes(entry: ManifestEntry, nodeId: string): Uint8Array {
  const { network, entryId, generation, digest } = entry;
  const { epoch, number } = generation;
  return encodeUtf8(domain + canonicalJson({ network, nodeId, entryId, epoch, number, digest }));
}
