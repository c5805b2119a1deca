import { Alert } from "@patternfly/react-core";
import { queryOptions, useSuspenseQueries } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { draftOf } from "./draft-of-version.ts";
import { Journey } from "./journey.tsx";

/** A version that was never deployed, changed in place. Its ETag goes back with the change, so that two editors notice each other. */
export function EditVersionPage() {
  const { caSetId, version } = useParams({ from: "/ca-sets/$caSetId/versions/$version/edit" });
  const [{ data: set }, { data: latest }] = useSuspenseQueries({
    queries: [read("getCaSet", { params: { caSetId } }), versionWithTag(caSetId, version)],
  });
  const [begun] = useState(latest);
  usePageTitle(`Edit ${set.caSetName} version ${version}`);
  const { body: base, etag = "" } = begun;
  const start = {
    draft: { ...draftOf(base), description: base.description ?? "" },
    caSetName: set.caSetName,
    target: { kind: "edit", caSetId, version: base.version, etag },
    version: base.version,
    active: { STAGING: set.stagingVersion, PRODUCTION: set.productionVersion },
    takenNames: new Set<string>(),
    base,
  } as const;
  return <Journey start={start} notice={latest.etag !== etag && <ChangedByOther by={latest.body.modifiedBy} />} />;
}

/** Its key begins as that of the plain read, so that an event has both read again. */
function versionWithTag(caSetId: string, version: string) {
  const params = { caSetId, version };
  return queryOptions({
    queryKey: ["getVersion", { params }, "with its ETag"] as const,
    queryFn: ({ signal }) => client.send("getVersion", { params, signal }),
  });
}

function ChangedByOther({ by }: { readonly by: string | null }) {
  return (
    <Alert variant="info" isInline isLiveRegion component="p" title={`${by ?? "Somebody"} has changed this version`}>
      Your work is kept. When you save, you see what they changed and decide.
    </Alert>
  );
}
