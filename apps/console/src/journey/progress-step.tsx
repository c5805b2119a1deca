import { Alert, Button } from "@patternfly/react-core";
import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { read } from "../api/queries.ts";
import { ActivationProgress } from "../deployment/activation-progress.tsx";
import { networkName } from "../text/network-name.ts";
import { activate, isChangedMeanwhile } from "./activate.ts";
import { ChangedMeanwhile } from "./changed-meanwhile.tsx";
import { inOrder, isOver, type Outcomes, phaseOf } from "./deployment-order.ts";
import { FailureAlert } from "./failure-alert.tsx";
import type { Saved } from "./journey-state.ts";
import { type Strategy, usualStrategy } from "./strategy.ts";

type Props = {
  readonly saved: Saved;
  readonly networks: readonly Network[];
  readonly strategy?: Strategy;
  /** Nothing waits for this page any more. */
  readonly onEnded: () => void;
  /** Something does, at first and after another attempt. */
  readonly onWaiting?: () => void;
  /** The version is another one than was looked at; undefined: the page on which that is done is gone to. */
  readonly onLookAgain?: () => void;
};

/** Staging first; production begins when staging is complete, and not at all when it failed. */
export function ProgressStep({ saved, networks, strategy = usualStrategy, onEnded, onWaiting, onLookAgain }: Props) {
  const navigate = useNavigate();
  const order = inOrder(networks);
  const [outcomes, setOutcomes] = useState<Outcomes>({});
  const settle = useCallback(
    (network: Network, outcome: Outcomes[Network]) => setOutcomes((known) => ({ ...known, [network]: outcome })),
    [],
  );
  const isDone = isOver(order, outcomes);
  useEffect(() => {
    if (isDone) onEnded();
    else onWaiting?.();
  }, [isDone, onEnded, onWaiting]);
  return (
    <>
      {order.map((network) =>
        phaseOf(network, order, outcomes) === "begins" ? (
          <NetworkDeployment
            key={network}
            saved={saved}
            network={network}
            strategy={strategy}
            hasFailed={outcomes[network] === "failed"}
            onOutcome={settle}
            {...(onLookAgain !== undefined && { onLookAgain })}
          />
        ) : (
          <Waiting key={network} network={network} isLeft={phaseOf(network, order, outcomes) === "stays"} />
        ),
      )}
      <Button
        variant={isDone && !order.some((one) => outcomes[one] === "failed") ? "primary" : "secondary"}
        onClick={() => void navigate({ to: "/ca-sets/$caSetId", params: { caSetId: saved.caSetId }, replace: true })}
      >
        Go to the certificate set
      </Button>
    </>
  );
}

function Waiting({ network, isLeft }: { readonly network: Network; readonly isLeft: boolean }) {
  const name = networkName[network];
  if (!isLeft) return <p className="tcm-faint">{`${name}: waits for staging`}</p>;
  return (
    <Alert
      variant="warning"
      isInline
      isLiveRegion
      component="p"
      title={`${name} was left as it is, because staging did not succeed.`}
    />
  );
}

type DeploymentProps = {
  readonly saved: Saved;
  readonly network: Network;
  readonly strategy: Strategy;
  readonly hasFailed: boolean;
  readonly onOutcome: (network: Network, outcome: Outcomes[Network]) => void;
  readonly onLookAgain?: () => void;
};

function NetworkDeployment({ saved, network, strategy, hasFailed, onOutcome, onLookAgain }: DeploymentProps) {
  const queries = useQueryClient();
  const begin = useMutation({
    mutationFn: (isRetry: boolean) => activate({ saved, network, strategy, isRetry }),
    networkMode: "always",
    onMutate: () => onOutcome(network, undefined),
    onError: () => onOutcome(network, "failed"),
  });
  /** What ended as failed is not taken for the end of the next attempt. */
  const again = (): void => {
    if (begin.data !== undefined)
      queries.removeQueries({ queryKey: read("getActivation", keyOf(begin.data)).queryKey });
    begin.mutate(true);
  };
  const isChanged = isChangedMeanwhile(begin.error);
  const begun = useRef(false);
  const { mutate } = begin;
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    mutate(false);
  }, [mutate]);
  return (
    <section aria-label={`${networkName[network]} deployment`} className="tcm-section">
      {begin.isPending && <p role="status">{`${networkName[network]}: being asked to begin`}</p>}
      {begin.isError && !isChanged && <FailureAlert error={begin.error} doing="deploying" />}
      {isChanged && (
        <ChangedMeanwhile saved={saved} network={network} {...(onLookAgain !== undefined && { onLookAgain })} />
      )}
      {begin.data !== undefined && <Watched activation={begin.data} network={network} onOutcome={onOutcome} />}
      {hasFailed && !isChanged && <Button onClick={again}>{`Try ${networkName[network].toLowerCase()} again`}</Button>}
    </section>
  );
}

type WatchedProps = Pick<DeploymentProps, "network" | "onOutcome"> & { readonly activation: ActivationView };

function Watched({ activation, network, onOutcome }: WatchedProps) {
  const key = keyOf(activation);
  const { data } = useQuery(read("getActivation", key));
  const status = data?.activationStatus;
  useEffect(() => {
    if (status === "COMPLETE") onOutcome(network, "complete");
    if (status === "FAILED") onOutcome(network, "failed");
  }, [status, network, onOutcome]);
  return <ActivationProgress activation={key.params} />;
}

function keyOf({ caSetId, version, activationId }: ActivationView) {
  return { params: { caSetId, version, activationId } };
}
