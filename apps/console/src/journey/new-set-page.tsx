import { useSuspenseQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { emptyDraft } from "./draft.ts";
import { Journey } from "./journey.tsx";

/** A set from nothing. */
export function NewSetPage() {
  usePageTitle("Create new set");
  const { data } = useSuspenseQuery(read("listCaSets"));
  const takenNames = new Set(data.caSets.map(({ caSetName }) => caSetName));
  return (
    <Journey start={{ draft: emptyDraft(), caSetName: "", caSetId: undefined, version: 1, isNew: true, takenNames }} />
  );
}
