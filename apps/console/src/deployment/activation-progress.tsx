import { Alert, Progress, ProgressMeasureLocation, ProgressVariant, Skeleton } from "@patternfly/react-core";
import type { ActivationView } from "@tcm/api-contract";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import type { ActivationKey } from "./activation-key.ts";
import { ActivationNodes } from "./activation-nodes.tsx";
import { CancelDeployment } from "./cancel-deployment.tsx";
import { clockTime, deadlineText } from "./countdown.ts";
import { DeploymentOutcome } from "./deployment-outcome.tsx";
import { DeploymentStages } from "./deployment-stages.tsx";
import { type NodeView, progressSentence } from "./node-state-text.ts";
import { percentShown, watchedSentence } from "./stages.ts";
import { useNow } from "./use-now.ts";

export type { ActivationKey } from "./activation-key.ts";

/** While events are lost the page asks by itself, slowly. */
const fallbackMs = 5_000;

type Props = {
  readonly activation: ActivationKey;
  /** On its own page: what can be done next. Among other deployments that follow it: the way to that page. */
  readonly isAlone?: true;
};

/** One activation live: how far it is, node by node, and how it ended. */
export function ActivationProgress({ activation: params, isAlone }: Props) {
  const activation = useQuery({
    ...read("getActivation", { params }),
    refetchInterval: ({ state }) => (state.data?.activationStatus === "IN_PROGRESS" ? fallbackMs : false),
  });
  const isRunning = activation.data?.activationStatus === "IN_PROGRESS";
  const nodes = useQuery({
    ...read("listActivationNodes", { params }),
    refetchInterval: isRunning ? fallbackMs : false,
  });
  const mayDeploy = { STAGING: useMay("deploy-staging"), PRODUCTION: useMay("deploy-production") };
  if (activation.data === undefined)
    return activation.isError ? <ProblemAlert error={activation.error} /> : <ProgressPending />;
  const may = mayDeploy[activation.data.network];
  return (
    <div className="tcm-work tcm-block">
      <Bar activation={activation.data} nodes={nodes.data?.nodes ?? []} />
      {isRunning ? (
        <Running activation={activation.data} nodes={nodes.data?.nodes} />
      ) : (
        <DeploymentOutcome activation={activation.data} offersNext={isAlone === true} />
      )}
      {nodes.data?.nodesForgotten !== true && (
        <DeploymentStages activation={activation.data} nodes={nodes.data?.nodes ?? []} />
      )}
      {isRunning && may && <CancelDeployment activation={activation.data} />}
      {nodes.data === undefined ? (
        nodes.isError && <ProblemAlert error={nodes.error} live={false} />
      ) : (
        <ActivationNodes
          activation={params}
          nodes={nodes.data.nodes}
          areForgotten={nodes.data.nodesForgotten === true}
          mayExclude={isRunning && may}
        />
      )}
    </div>
  );
}

function ProgressPending() {
  return (
    <div role="progressbar" aria-label="The deployment is being read" className="tcm-work">
      <Skeleton width="8rem" />
      <Skeleton height="1rem" />
      <Skeleton width="60%" />
    </div>
  );
}

function Bar({ activation, nodes }: BarProps) {
  const { activationStatus, network } = activation;
  const percent = percentShown(activation, nodes);
  return (
    <Progress
      title={networkName[network]}
      aria-label={`${networkName[network]} deployment`}
      value={percent}
      label={`${percent} %`}
      measureLocation={ProgressMeasureLocation.outside}
      {...(activationStatus === "COMPLETE" && { variant: ProgressVariant.success })}
      {...(activationStatus === "FAILED" && { variant: ProgressVariant.danger })}
    />
  );
}

type BarProps = { readonly activation: ActivationView; readonly nodes: readonly NodeView[] };
type RunningProps = { readonly activation: ActivationView; readonly nodes: readonly NodeView[] | undefined };

function Running({ activation, nodes }: RunningProps) {
  const now = useNow(true);
  const { removesTrustOnly, deadlineDate } = activation;
  return (
    <>
      <div>
        <p role="status">
          {nodes === undefined
            ? "Under way."
            : (watchedSentence(activation, nodes, clockTime) ?? progressSentence(nodes))}
        </p>
        <p className="tcm-faint">{deadlineText(deadlineDate, now)}</p>
      </div>
      {removesTrustOnly && (
        <Alert
          variant="info"
          isInline
          isPlain
          component="p"
          title="This only takes trust away: when a node rejects it, it is not put back by itself."
        />
      )}
    </>
  );
}
