import type { CaSetOptions } from "../rules/rule.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import { encodeUtf8 } from "../text/utf8.ts";

/** What makes two versions of a set equal: the same certificates in whatever order, under the same options. */
export function versionDigest(
  fingerprints: readonly string[],
  options: CaSetOptions,
  crypto: Pick<CryptoPort, "sha256">,
): string {
  const flags = [options.requireRootCertificate, options.allowInsecureSha1, options.allowDuplicateCommonNames];
  const content = [...new Set(fingerprints)].sort().concat(flags.map(String)).join("\n");
  return crypto.sha256(encodeUtf8(content));
}
