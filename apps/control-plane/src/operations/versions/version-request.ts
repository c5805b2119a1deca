import type { VersionRequest } from "@tcm/api-contract";
import type { CaSetOptions } from "@tcm/core";
import type { SubmittedEntry } from "./store-version.ts";

/** What the caller's kind gets for an option that it leaves out. */
export const tokenDefaults: CaSetOptions = {
  requireRootCertificate: true,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: false,
};

/** mETS has neither check, and its clients cannot send our options (spec §5). */
export const metsDefaults: CaSetOptions = {
  requireRootCertificate: false,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: true,
};

export function withDefaults(
  request: Partial<{ [K in keyof CaSetOptions]: boolean | undefined }>,
  defaults: CaSetOptions,
): CaSetOptions {
  return {
    requireRootCertificate: request.requireRootCertificate ?? defaults.requireRootCertificate,
    allowInsecureSha1: request.allowInsecureSha1 ?? defaults.allowInsecureSha1,
    allowDuplicateCommonNames: request.allowDuplicateCommonNames ?? defaults.allowDuplicateCommonNames,
  };
}

export function entryOf({ certificatePem, description }: VersionRequest["certificates"][number]): SubmittedEntry {
  return { certificatePem, description: description ?? null };
}
