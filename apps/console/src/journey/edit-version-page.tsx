import { Alert } from "@patternfly/react-core";
import { queryOptions, useSuspenseQueries } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { draftOf } from "./draft-of-version.ts";
import { Journey } from "./journey.tsx";

/** A version that was never deployed, changed in place. Its ETag goes back with the change, so that two editors notice each other. */
export function EditVersionPage() {
  const { caSetId, version } = useParams({ from: "/ca-sets/$caSetId/versions/$version/edit" });
  const [{ data: set }, { data: latest }, { data: deployments }] = useSuspenseQueries({
    queries: [
      read("getCaSet", { params: { caSetId } }),
      versionWithTag(caSetId, version),
      read("listVersionActivations", { params: { caSetId, version } }),
    ],
  });
  const [begun] = useState(latest);
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
  const isLocked = deployments.activations.length > 0;
  const isOld = latest.etag !== etag;
  const notice = isLocked ? <Locked /> : isOld && <ChangedByOther by={latest.body.modifiedBy} />;
  return <Journey start={start} notice={notice} />;
}

/** Its key begins as that of the plain read, so that an event has both read again. */
function versionWithTag(caSetId: string, version: string) {
  const params = { caSetId, version };
  return queryOptions({
    queryKey: ["getVersion", { params }, "with its ETag"] as const,
    queryFn: ({ signal }) => client.send("getVersion", { params, signal }),
  });
}

function Locked() {
  return (
    <Alert
      variant="warning"
      isInline
      isLiveRegion
      component="p"
      title="This version was deployed and never changes again"
    >
      Your work is kept. When you save, it can become a new version.
    </Alert>
  );
}

function ChangedByOther({ by }: { readonly by: string | null }) {
  return (
    <Alert variant="info" isInline isLiveRegion component="p" title={`${by ?? "Somebody"} has changed this version`}>
      Your work is kept. When you save, you see what they changed and decide.
    </Alert>
  );
}
