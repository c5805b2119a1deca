import type { VersionView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { changeDraft, type Draft, emptyDraft } from "./draft.ts";
import { Journey } from "./journey.tsx";

const noNames: ReadonlySet<string> = new Set();

/** A version from an earlier one, or the first one of a set. */
export function NewVersionPage() {
  const { caSetId } = useParams({ from: "/ca-sets/$caSetId/new-version" });
  const { data: set } = useSuspenseQuery(read("getCaSet", { params: { caSetId } }));
  const { from = set.latestVersion ?? undefined } = useSearch({ from: "/ca-sets/$caSetId/new-version" });
  usePageTitle(`New version of ${set.caSetName}`);
  const start = {
    caSetName: set.caSetName,
    caSetId,
    version: (set.latestVersion ?? 0) + 1,
    isNew: set.stagingVersion === null && set.productionVersion === null,
    takenNames: noNames,
  };
  if (from === undefined) return <Journey start={{ ...start, draft: emptyDraft() }} />;
  return <FromVersion start={start} from={from} />;
}

type Props = { readonly start: Omit<Parameters<typeof Journey>[0]["start"], "draft">; readonly from: number };

function FromVersion({ start, from }: Props) {
  const { data } = useSuspenseQuery(read("getVersion", { params: { caSetId: start.caSetId ?? "", version: from } }));
  return <Journey start={{ ...start, draft: draftOf(data) }} />;
}

/** What an earlier version holds, to be changed. */
export function draftOf({ version, certificates = [], ...options }: VersionView): Draft {
  const { requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames } = options;
  const empty = emptyDraft({ requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames });
  const file = `version ${version}`;
  const found = certificates.map(({ certificatePem }, i) => ({
    certificatePem,
    place: { file, position: i + 1, line: 1 },
  }));
  const filled = changeDraft(empty, { type: "add", found, refused: [] });
  return certificates.reduce(
    (draft, { description }, i) => changeDraft(draft, { type: "describe", id: i + 1, description }),
    filled,
  );
}
