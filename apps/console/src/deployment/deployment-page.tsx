import { PageSection } from "@patternfly/react-core";
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { networkName } from "../text/network-name.ts";
import { Time } from "../text/time.tsx";
import { ActivationProgress } from "./activation-progress.tsx";

/** One deployment, live while it runs and on the record afterwards. */
export function DeploymentPage() {
  const { caSetId, ...rest } = useParams({ from: "/ca-sets/$caSetId/versions/$version/deployments/$activationId" });
  const params = { caSetId, version: Number(rest.version), activationId: Number(rest.activationId) };
  // All that the page shows, so that it comes at once.
  const [{ data }] = useSuspenseQueries({
    queries: [
      read("getActivation", { params }),
      read("listActivationNodes", { params }),
      read("getCaSet", { params: { caSetId } }),
      read("listSetActivations", { params: { caSetId } }),
    ],
  });
  const { caSetName, version, network, activationType, createdBy, createdDate, modifiedDate, generation } = data;
  const where = networkName[network].toLowerCase();
  const title = activationType === "ACTIVATE" ? `Version ${version} on ${where}` : `Version ${version} off ${where}`;
  usePageTitle(`${caSetName}: ${title.toLowerCase()}`);
  return (
    <PageSection>
      <p>
        <Link to="/ca-sets/$caSetId" params={{ caSetId }} search={{ tab: "deployments" }} className="tcm-name">
          {caSetName}
        </Link>
      </p>
      <h1 className="tcm-title">{title}</h1>
      <p className="tcm-faint tcm-block">
        Begun by {createdBy}, <Time iso={createdDate} />
        {data.activationStatus !== "IN_PROGRESS" && modifiedDate !== null && (
          <>
            ; ended <Time iso={modifiedDate} />
          </>
        )}
        ; generation {generation}
      </p>
      <ActivationProgress activation={params} isAlone />
    </PageSection>
  );
}
