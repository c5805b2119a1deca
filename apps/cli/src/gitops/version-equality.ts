import type { VersionView } from "@tcm/api-contract";
import type { DesiredCaSet } from "./desired-state.ts";

export const optionNames = ["requireRootCertificate", "allowInsecureSha1", "allowDuplicateCommonNames"] as const;

/** As the server tells versions apart: the same certificates in whatever order, under the same options. */
export function isEqual({ certificates, options }: DesiredCaSet, version: VersionView): boolean {
  const present = new Set((version.certificates ?? []).map(({ fingerprint }) => fingerprint));
  return (
    optionNames.every((name) => options[name] === version[name]) &&
    present.size === certificates.length &&
    certificates.every(({ fingerprint }) => present.has(fingerprint))
  );
}
