import { denyAllAuthority } from "../trust-files/deny-all.ts";
import { prepareTrustFiles } from "../trust-files/prepare-trust-files.ts";
import { TrustFileEngine } from "../trust-files/trust-file-engine.ts";
import { openHaproxyDriver } from "./apply.ts";
import type { HaproxyOptions } from "./haproxy-options.ts";

/**
 * HAProxy as an engine. Sees to it first that every listener's trust file is there, so that HAProxy can start; throws when it
 * does not answer at its runtime socket, or the directory is one that its command line cannot spell.
 */
export async function openHaproxyEngine(options: HaproxyOptions): Promise<TrustFileEngine> {
  const { network, crypto, directory, listeners } = options;
  if (!/^\/[\w./+-]+$/.test(directory)) throw new Error("the directory of the trust files is to be absolute and plain");
  const denyAll = denyAllAuthority(crypto);
  await prepareTrustFiles(directory, listeners, denyAll);
  const driver = await openHaproxyDriver(options);
  return new TrustFileEngine({ network, crypto, directory, listeners, denyAll, driver });
}
