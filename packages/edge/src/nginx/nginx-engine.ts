import { denyAllAuthority } from "../trust-files/deny-all.ts";
import { replaceFile } from "../trust-files/replace-file.ts";
import { prepareTrustFiles } from "../trust-files/prepare-trust-files.ts";
import { TrustFileEngine } from "../trust-files/trust-file-engine.ts";
import { renderTrustPem } from "../trust-files/render-trust-pem.ts";
import { openNginxDriver } from "./apply.ts";
import type { NginxOptions } from "./nginx-options.ts";
import { noNamesPath } from "./render.ts";

/**
 * nginx as an engine. Sees to it first that every file which the configuration names is there, so that nginx can start;
 * throws when the program is not there.
 */
export async function openNginxEngine(options: NginxOptions): Promise<TrustFileEngine> {
  const { network, crypto, directory, listeners } = options;
  const denyAll = denyAllAuthority(crypto);
  await prepareTrustFiles(directory, listeners, denyAll);
  // One of its own: the probe is to see the other one come and go.
  await replaceFile(noNamesPath(directory), renderTrustPem([denyAllAuthority(crypto)]));
  const driver = await openNginxDriver(options);
  return new TrustFileEngine({ network, crypto, directory, listeners, denyAll, driver });
}
