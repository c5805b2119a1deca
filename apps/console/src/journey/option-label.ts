import type { DraftOptions } from "./draft.ts";

/** The options as they are called wherever this page speaks of them. */
export const optionLabel: Readonly<Record<keyof DraftOptions, string>> = {
  requireRootCertificate: "Require Root Certificate",
  allowDuplicateCommonNames: "Allow the same Common Name twice",
  allowInsecureSha1: "Allow SHA-1 signatures",
};
