import type { Network } from "@tcm/core";
import { Option } from "commander";

export const networkName: Readonly<Record<Network, string>> = { STAGING: "staging", PRODUCTION: "production" };

export type NetworkWord = "staging" | "production";

export function networkOf(word: NetworkWord): Network {
  return word === "staging" ? "STAGING" : "PRODUCTION";
}

/** `--network staging|production`; `both` where a command can do one after the other. */
export function networkOption(choices: readonly (NetworkWord | "both")[]): Option {
  return new Option("--network <network>", "where").choices(choices);
}
