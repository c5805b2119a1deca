import type { CaSetOptions } from "@tcm/core";
import type { Command } from "commander";

/** As far as they were given; what is missing is inherited, or the server's default. */
export type GivenVersionOptions = {
  readonly requireRoot?: boolean;
  readonly allowInsecureSha1?: boolean;
  readonly allowDuplicateCommonNames?: boolean;
};

/** The defaults for people and tokens, spec §5. */
export const versionDefaults: CaSetOptions = {
  requireRootCertificate: true,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: false,
};

export function addVersionOptions(command: Command): Command {
  return command
    .option("--require-root", "every certificate must chain to a self-signed root in the set (default)")
    .option("--no-require-root", "take intermediates without their root")
    .option("--allow-insecure-sha1", "take SHA-1 signatures")
    .option("--no-allow-insecure-sha1", "refuse SHA-1 signatures (default)")
    .option("--allow-duplicate-common-names", "take several CAs of one Common Name, for a rotation")
    .option("--no-allow-duplicate-common-names", "refuse several CAs of one Common Name (default)");
}

export function applyVersionOptions(inherited: CaSetOptions, given: GivenVersionOptions): CaSetOptions {
  return {
    requireRootCertificate: given.requireRoot ?? inherited.requireRootCertificate,
    allowInsecureSha1: given.allowInsecureSha1 ?? inherited.allowInsecureSha1,
    allowDuplicateCommonNames: given.allowDuplicateCommonNames ?? inherited.allowDuplicateCommonNames,
  };
}
