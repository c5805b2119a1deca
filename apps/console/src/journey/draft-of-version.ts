import type { VersionView } from "@tcm/api-contract";
import { type Draft, emptyDraft } from "./draft.ts";

/** What a version holds, to be changed: its certificates with what was said of each, and its options. */
export function draftOf({ version, certificates = [], ...options }: VersionView): Draft {
  const { requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames } = options;
  return {
    ...emptyDraft({ requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames }),
    certificates: certificates.map(({ certificatePem, subject, endDate, description }, i) => ({
      id: i + 1,
      certificatePem,
      subject,
      endDate,
      description,
      from: `version ${version}, certificate ${i + 1}`,
    })),
    nextId: certificates.length + 1,
  };
}
