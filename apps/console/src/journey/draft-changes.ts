import { queryOptions } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { contentOfDraft } from "./content.ts";
import { type Draft, draftBody } from "./draft.ts";

type Asked = { readonly caSetId: string; readonly against: number; readonly draft: Draft };

/** What the draft in the place of a version changes. Review and Location ask the same, once. */
export function draftChanges({ caSetId, against, draft }: Asked) {
  const { members, options } = contentOfDraft(draft);
  return queryOptions({
    queryKey: ["compareDraft", caSetId, against, members.map(({ fingerprint }) => fingerprint), options] as const,
    queryFn: ({ signal }) =>
      client.call("validateCertificates", {
        body: { ...draftBody(draft), against: { caSetId, version: against } },
        signal,
      }),
  });
}
