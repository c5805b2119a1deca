import { Button } from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { VersionView } from "@tcm/api-contract";
import { read } from "../api/queries.ts";
import { RunsOn } from "../ca-sets/runs-on.tsx";
import { EditVersionButton } from "../journey/edit-version-button.tsx";
import { useMay } from "../session/session-query.ts";
import { Time } from "../text/time.tsx";
import { DeleteVersion } from "./delete-version.tsx";
import { DescribeVersion } from "./describe-version.tsx";
import { optionWords } from "./option-words.ts";

/** Which version it is, where it runs, and what can be done with it. */
export function VersionHead({ version: view }: { readonly version: VersionView }) {
  const { caSetId, caSetName, version, description, createdBy, createdDate } = view;
  const navigate = useNavigate();
  return (
    <div className="tcm-head">
      <div>
        <p>
          <Link to="/ca-sets/$caSetId" params={{ caSetId }} className="tcm-name">
            {caSetName}
          </Link>
        </p>
        <div className="tcm-version-title">
          <h1 className="tcm-title">{`Version ${version}`}</h1>
          <RunsOn version={view} />
        </div>
        {description !== null && <p className="tcm-name">{description}</p>}
        <p className="tcm-faint">
          Created by {createdBy}, <Time iso={createdDate} />; {optionWords(view)}
        </p>
      </div>
      <Actions version={view} onGone={() => void navigate({ to: "/ca-sets/$caSetId", params: { caSetId } })} />
    </div>
  );
}

function Actions({ version: view, onGone }: { readonly version: VersionView; readonly onGone: () => void }) {
  const { caSetId, caSetName, version } = view;
  const navigate = useNavigate();
  const params = { caSetId, version: String(version) };
  const [mayEdit, mayDeploy] = [useMay("edit"), useMay("deploy-staging")];
  const isOfUse = useIsOfUse(view);
  const base = `/mtls-edge-truststore/v2/ca-sets/${caSetId}/versions/${version}`;
  return (
    <div className="tcm-actions">
      {isOfUse && mayDeploy && (
        <Button onClick={() => void navigate({ to: "/ca-sets/$caSetId/versions/$version/deploy", params })}>
          Deploy
        </Button>
      )}
      {isOfUse && <EditVersionButton version={view} />}
      {isOfUse && mayEdit && (
        <Button
          variant="secondary"
          onClick={() =>
            void navigate({ to: "/ca-sets/$caSetId/new-version", params: { caSetId }, search: { from: version } })
          }
        >
          Clone to edit
        </Button>
      )}
      <Button variant="secondary" component="a" href={`${base}/bundle.pem`} download={`${caSetName}-${version}.pem`}>
        Download PEM
      </Button>
      {isOfUse && mayEdit && <DescribeVersion version={view} />}
      {isOfUse && mayEdit && <DeleteVersion version={view} onGone={onGone} />}
    </div>
  );
}

/** Neither it nor its set is deleted: those are there to be looked at. */
function useIsOfUse({ caSetId, caSetVersionStatus }: VersionView): boolean {
  const { data } = useSuspenseQuery(read("getCaSet", { params: { caSetId } }));
  return caSetVersionStatus === "NOT_DELETED" && data.caSetStatus === "NOT_DELETED";
}
