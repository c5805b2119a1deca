import type { VersionView } from "@tcm/api-contract";

type Options = Pick<VersionView, "requireRootCertificate" | "allowDuplicateCommonNames" | "allowInsecureSha1">;

/** The path validation scheme of a version in words. */
export function optionWords(options: Options): string {
  const words = [
    options.requireRootCertificate ? "every certificate chains to a root in the set" : "no root is required",
    ...(options.allowDuplicateCommonNames ? ["the same Common Name may appear twice"] : []),
    ...(options.allowInsecureSha1 ? ["SHA-1 signatures are allowed"] : []),
  ];
  return words.join("; ");
}
