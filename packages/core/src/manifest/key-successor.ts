import { encodeUtf8 } from "../text/utf8.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Generation, Network } from "./manifest-entry.ts";

/** A key that signs manifest entries of one network. */
export type PublicSigningKey = {
  /** First 16 hex digits of SHA-256 of its SPKI. */
  readonly keyId: string;
  /** DER, base64. */
  readonly spki: string;
};

/** The word of a signing key that another one takes its place: all that a node needs, however long it was away. */
export type KeySuccessor = {
  readonly network: Network;
  /** Signs this, and nothing after it. */
  readonly keyId: string;
  readonly successor: PublicSigningKey;
  /** From this generation on no entry is signed by the old key. */
  readonly from: Generation;
  /** Ed25519 of the old key, base64. */
  readonly signature: string;
};

/** As of manifest entries: no signature for one purpose is one for another. */
const domain = "trust-chain-manager key-successor v1\n";

/** The bytes that the old key signs. */
export function successorBytes({ network, keyId, successor, from }: Omit<KeySuccessor, "signature">): Uint8Array {
  const { epoch, number } = from;
  const { keyId: successorKeyId, spki } = successor;
  return encodeUtf8(domain + canonicalJson({ network, keyId, successorKeyId, spki, epoch, number }));
}
