import type { CryptoPort, Network, UnixMillis } from "@tcm/core";
import type { EngineListener } from "../trust-files/trust-file-driver.ts";

export type NginxOptions = {
  readonly network: Network;
  readonly crypto: CryptoPort;
  readonly clock: () => UnixMillis;
  /** Of the trust files, absolute. */
  readonly directory: string;
  /** The program, found by PATH or absolute. */
  readonly binary: string;
  readonly configurationPath: string;
  /** As in the configuration: where the master writes its process id. */
  readonly pidPath: string;
  /** Every listener that trusts one of the files. Without one nothing can be proved of a file. */
  readonly listeners: readonly EngineListener[];
  readonly timing?: Partial<NginxTiming>;
};

export type NginxTiming = {
  /** How long a reload may take to show its new workers. */
  readonly reloadMs: number;
  /** How long old workers may finish what they are serving; then they are ended. */
  readonly graceMs: number;
  /** How long an ended worker may take to be gone. */
  readonly closeMs: number;
  /** How long a listener may still answer as before. */
  readonly settleMs: number;
};

export const nginxTiming: NginxTiming = { reloadMs: 30_000, graceMs: 10_000, closeMs: 5_000, settleMs: 3_000 };
