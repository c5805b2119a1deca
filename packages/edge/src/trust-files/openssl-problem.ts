import { X509Certificate } from "node:crypto";
import type { Certificate } from "@tcm/core";

/**
 * Why engines on OpenSSL cannot read this anchor; undefined when they can. Our own parser takes what OpenSSL does not, such as
 * a name that is no UTF-8, and one such block makes an engine refuse the whole file, or not start.
 */
export function opensslProblem({ der, fingerprint }: Certificate): string | undefined {
  try {
    return new X509Certificate(der).raw.length === der.length
      ? undefined
      : `certificate ${fingerprint} is followed by other bytes`;
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    return `certificate ${fingerprint} cannot be read by OpenSSL (${code})`;
  }
}
