import { Button, PageSection } from "@patternfly/react-core";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { ActivationProgress } from "./activation-progress.tsx";

/** One deployment, live while it runs and on the record afterwards. */
export function DeploymentPage() {
  const { caSetId, ...rest } = useParams({ from: "/ca-sets/$caSetId/versions/$version/deployments/$activationId" });
  const params = { caSetId, version: Number(rest.version), activationId: Number(rest.activationId) };
  const { data } = useSuspenseQuery(read("getActivation", { params }));
  const mayDeploy = useMay(data.network === "STAGING" ? "deploy-staging" : "deploy-production");
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => client.call("cancelActivation", { params }),
    onSettled: () => queries.invalidateQueries(),
  });
  usePageTitle(`${data.caSetName} version ${data.version} on ${networkName[data.network].toLowerCase()}`);
  return (
    <PageSection>
      <p>
        <Link to="/ca-sets/$caSetId" params={{ caSetId }} className="tcm-name">
          {data.caSetName}
        </Link>
      </p>
      <h1 className="tcm-title">{`Version ${data.version} on ${networkName[data.network].toLowerCase()}`}</h1>
      <p className="tcm-faint">
        Begun by {data.createdBy}, <Time iso={data.createdDate} />; generation {data.generation}
      </p>
      {cancel.isError && <ProblemAlert error={cancel.error} />}
      <ActivationProgress activation={params} />
      {mayDeploy && data.activationStatus === "IN_PROGRESS" && (
        <Button variant="danger" onClick={() => cancel.mutate()} isDisabled={cancel.isPending}>
          Cancel this deployment
        </Button>
      )}
    </PageSection>
  );
}
