import type { SubjectPublicKeyInfo } from "../certificate/subject-public-key-info.ts";
import type { SignatureScheme } from "./signature-scheme.ts";

/** What the core needs of a crypto library. Synchronous, without state that a caller can see. */
export interface CryptoPort {
  /** 64 lower-case hex digits, which is how fingerprints and digests are kept: bytes that become text anyway cost half as much again. */
  sha256(data: Uint8Array): string;
  /**
   * True exactly when `signature` over `data` verifies under `key` by `scheme`. False, never a throw, for whatever the
   * library refuses. The caller has already checked that scheme and key agree and that the key's size is bounded.
   * May cache by the identity of `key`.
   */
  verifySignature(scheme: SignatureScheme, key: SubjectPublicKeyInfo, data: Uint8Array, signature: Uint8Array): boolean;
}
