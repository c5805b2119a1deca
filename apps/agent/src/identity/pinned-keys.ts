import type { NodeIdentity } from "@tcm/api-contract";
import type { AnnouncementContext } from "@tcm/core";
import { verifyEd25519 } from "@tcm/node-crypto";

/** Verifies under the keys that the identity pins, and under no other. */
export function signatureVerifier({ signingKeys }: NodeIdentity): AnnouncementContext["verifySignature"] {
  const pinned = new Map(signingKeys.map(({ keyId, spki }) => [keyId, Buffer.from(spki, "base64")]));
  return (keyId, data, signature) => {
    const spki = pinned.get(keyId);
    if (spki === undefined) return "unknown";
    return verifyEd25519(spki, data, Buffer.from(signature, "base64")) ? "valid" : "invalid";
  };
}
