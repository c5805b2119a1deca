import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { emptyDraft } from "./draft.ts";
import { draftOf } from "./draft-of-version.ts";
import { Journey } from "./journey.tsx";
import type { JourneyStart } from "./journey-state.ts";

/** A version from an earlier one, or the first one of a set. */
export function NewVersionPage() {
  const { caSetId } = useParams({ from: "/ca-sets/$caSetId/new-version" });
  const { data: set } = useSuspenseQuery(read("getCaSet", { params: { caSetId } }));
  const { from = set.latestVersion ?? undefined } = useSearch({ from: "/ca-sets/$caSetId/new-version" });
  const start = {
    caSetName: set.caSetName,
    target: { kind: "new-version", caSetId },
    version: (set.latestVersion ?? 0) + 1,
    active: { STAGING: set.stagingVersion, PRODUCTION: set.productionVersion },
    takenNames: new Set<string>(),
  } as const;
  if (from === undefined) return <Journey start={{ ...start, draft: emptyDraft() }} />;
  return <FromVersion start={start} caSetId={caSetId} from={from} />;
}

type Props = { readonly start: Omit<JourneyStart, "draft">; readonly caSetId: string; readonly from: number };

function FromVersion({ start, caSetId, from }: Props) {
  const { data } = useSuspenseQuery(read("getVersion", { params: { caSetId, version: from } }));
  return <Journey start={{ ...start, draft: draftOf(data) }} />;
}
