import { Alert, Button } from "@patternfly/react-core";
import type { ActivationView } from "@tcm/api-contract";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { type NextStep, nextSteps } from "./next-steps.ts";
import { isCancelled, outcomeOf, outcomeText, reasonText } from "./outcome.ts";
import { TryIt } from "./try-it-later.tsx";

type Props = { readonly activation: ActivationView; readonly offersNext: boolean };

/** How it ended: what happened, what is served since and why, and what can be done next. */
export function DeploymentOutcome({ activation, offersNext }: Props) {
  const { caSetId, network, activationStatus, failureReason } = activation;
  const { data: set } = useQuery(read("getCaSet", { params: { caSetId } }));
  const { data: all } = useQuery(read("listSetActivations", { params: { caSetId } }));
  const newest = all?.activations.find((one) => one.network === network);
  const active = network === "STAGING" ? set?.stagingVersion : set?.productionVersion;
  const outcome = active === undefined ? undefined : outcomeOf(activation, { active, newest });
  return (
    <>
      <Alert
        variant={activationStatus === "COMPLETE" ? "success" : isCancelled(activation) ? "warning" : "danger"}
        isInline
        isLiveRegion
        component="h2"
        title={titleOf(activation)}
      >
        {failureReason !== null && <p className="tcm-name">{reasonText(failureReason, outcome)}</p>}
        {outcome !== undefined && activationStatus === "FAILED" && <p>{outcomeText(activation, outcome)}</p>}
        {outcome === "kept" && (
          <p>
            <Link to="/edge-nodes" search={{ network }}>
              {`Look at the nodes of ${networkName[network].toLowerCase()}`}
            </Link>
          </p>
        )}
        {outcome === "followed" && newest !== undefined && (
          <DeploymentLink activation={newest}>Look at the newest deployment</DeploymentLink>
        )}
        {!offersNext && <DeploymentLink activation={activation}>Look at this deployment</DeploymentLink>}
      </Alert>
      {offersNext && outcome !== undefined && (
        <NextSteps caSetId={caSetId} steps={nextSteps(activation, outcome, set?.productionVersion ?? null)} />
      )}
      {activationStatus === "COMPLETE" && active === activation.version && (
        <TryIt caSetId={caSetId} network={network} isOpen={offersNext} />
      )}
    </>
  );
}

function titleOf(activation: ActivationView): string {
  const { activationStatus, activationType, network, version } = activation;
  const where = networkName[network];
  if (activationStatus === "FAILED") return isCancelled(activation) ? `${where}: cancelled` : `${where}: failed`;
  const done = activationType === "ACTIVATE" ? `version ${version} is deployed` : `version ${version} is withdrawn`;
  return `${where}: ${done}, and every edge node has shown it.`;
}

type LinkProps = { readonly activation: ActivationView; readonly children: string };

function DeploymentLink({ activation: { caSetId, version, activationId }, children }: LinkProps) {
  return (
    <p>
      <Link
        to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
        params={{ caSetId, version: String(version), activationId: String(activationId) }}
      >
        {children}
      </Link>
    </p>
  );
}

type StepsProps = { readonly caSetId: string; readonly steps: readonly NextStep[] };

function NextSteps({ caSetId, steps }: StepsProps) {
  const navigate = useNavigate();
  const may = { STAGING: useMay("deploy-staging"), PRODUCTION: useMay("deploy-production") };
  const offered = steps.filter(({ network }) => may[network]);
  if (offered.length === 0) return null;
  return (
    <div className="tcm-actions">
      {offered.map(({ label, version, network }) => (
        <Button
          key={label}
          variant="secondary"
          onClick={() =>
            void navigate({
              to: "/ca-sets/$caSetId/versions/$version/deploy",
              params: { caSetId, version: String(version) },
              search: { networks: network },
            })
          }
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
