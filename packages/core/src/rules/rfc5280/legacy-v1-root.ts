import { memberRule } from "../rule.ts";

/** Old roots of this kind are in use; they can constrain nothing that is issued under them. */
export const legacyV1Root = memberRule("legacy-v1-root", "RFC 5280 §6.1.4 (k)", ({ certificate }, { graph }) =>
  certificate.version === 1 && graph.roots.has(certificate) ? { version: 1 } : undefined,
);
