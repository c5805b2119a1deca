import type { CryptoPort, Network, UnixMillis } from "@tcm/core";
import type { EngineListener } from "../trust-files/trust-file-driver.ts";

export type HaproxyOptions = {
  readonly network: Network;
  readonly crypto: CryptoPort;
  readonly clock: () => UnixMillis;
  /** Of the trust files, absolute, as the configuration writes it. */
  readonly directory: string;
  /** `stats socket` with `level admin`. */
  readonly runtimeSocket: string;
  /** `haproxy -W -S`: for what the runtime socket cannot take, and for workers that a reload left behind. */
  readonly masterSocket?: string | undefined;
  /** Read for what would let trust outlive its removal; without it no removal is verified, but on versions that need none. */
  readonly configurationPath?: string | undefined;
  /** Every listener that trusts one of the files. A file that HAProxy uses and no listener names makes removals unprovable. */
  readonly listeners: readonly EngineListener[];
  readonly timing?: Partial<HaproxyTiming>;
};

export type HaproxyTiming = {
  /** How long a connection opened before a removal may finish its requests; then what it is serving is shut down. */
  readonly graceMs: number;
  /** How long after that such connections may still be there before the proof fails. */
  readonly closeMs: number;
  /** How long a reload may take to show its new worker. */
  readonly reloadMs: number;
};

/** The grace is longer than `timeout http-keep-alive` in the configuration we print, so that idle connections end by themselves. */
export const haproxyTiming: HaproxyTiming = { graceMs: 10_000, closeMs: 45_000, reloadMs: 30_000 };
