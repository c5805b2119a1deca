import { memberRule } from "../rule.ts";
import { isRefusedRoot } from "../trust-chain/refused-signature.ts";

/** A leaf in a trust store would let its holder in, whoever revokes it. */
export const notACaCertificate = memberRule(
  "not-a-ca-certificate",
  "RFC 5280 §4.2.1.9",
  ({ certificate }, { graph }) => {
    const { version, extensions } = certificate;
    if (extensions.basicConstraints?.cA === true) return undefined;
    // A self-signed version 1 certificate has no place for basicConstraints: see legacy-v1-root.
    if (version === 1 && (graph.roots.has(certificate) || isRefusedRoot(certificate))) return undefined;
    return {
      expected: "cA TRUE",
      actual: extensions.basicConstraints === undefined ? "no basicConstraints" : "cA FALSE",
    };
  },
);
