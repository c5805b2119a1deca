import { useSuspenseQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { emptyDraft } from "./draft.ts";
import { Journey } from "./journey.tsx";

/** A set from nothing. */
export function NewSetPage() {
  const { data } = useSuspenseQuery(read("listCaSets"));
  const start = {
    draft: emptyDraft(),
    caSetName: "",
    target: { kind: "new-set" },
    version: 1,
    active: { STAGING: null, PRODUCTION: null },
    takenNames: new Set(data.caSets.map(({ caSetName }) => caSetName)),
  } as const;
  return <Journey start={start} />;
}
