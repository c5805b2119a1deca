import { Alert, Button } from "@patternfly/react-core";
import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { read } from "../api/queries.ts";
import { ActivationProgress } from "../deployment/activation-progress.tsx";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { activate, type Saved, type Strategy } from "./save-and-deploy.ts";

type Props = {
  readonly saved: Saved;
  readonly networks: readonly Network[];
  readonly strategy?: Strategy;
  /** Nothing waits for this page any more. */
  readonly onEnded: () => void;
};

/** Staging first; production begins when staging is complete, and not at all when it failed. */
export function ProgressStep({ saved, networks, strategy = "ALL_AT_ONCE", onEnded }: Props) {
  const navigate = useNavigate();
  const order = (["STAGING", "PRODUCTION"] as const).filter((network) => networks.includes(network));
  const [done, setDone] = useState(0);
  const [failed, setFailed] = useState(false);
  const isOver = failed || done >= order.length;
  useEffect(() => {
    if (isOver) onEnded();
  }, [isOver, onEnded]);
  return (
    <>
      {order.map((network, i) =>
        i > done || (failed && i > done - 1 && i !== done) ? (
          <p
            key={network}
            className="tcm-faint"
          >{`${networkName[network]}: ${failed ? "not begun" : "waits for staging"}`}</p>
        ) : (
          <NetworkDeployment
            key={network}
            saved={saved}
            network={network}
            strategy={strategy}
            onComplete={() => setDone((count) => Math.max(count, i + 1))}
            onFailed={() => setFailed(true)}
          />
        ),
      )}
      {failed && order.length > done + 1 && (
        <Alert
          variant="warning"
          isInline
          component="p"
          title="Production was left as it is, because staging did not succeed."
        />
      )}
      <Button
        variant={isOver ? "primary" : "secondary"}
        onClick={() => void navigate({ to: "/ca-sets/$caSetId", params: { caSetId: saved.caSetId } })}
      >
        Go to the certificate set
      </Button>
    </>
  );
}

type DeploymentProps = {
  readonly saved: Saved;
  readonly network: Network;
  readonly strategy: Strategy;
  readonly onComplete: () => void;
  readonly onFailed: () => void;
};

function NetworkDeployment({ saved, network, strategy, onComplete, onFailed }: DeploymentProps) {
  const begin = useMutation({ mutationFn: () => activate(saved, network, strategy), onError: onFailed });
  const begun = useRef(false);
  const { mutate } = begin;
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    mutate();
  }, [mutate]);
  return (
    <section aria-label={`${networkName[network]} deployment`}>
      {begin.isError && (
        <>
          <ProblemAlert error={begin.error} />
          <Button
            variant="link"
            onClick={() => begin.mutate()}
          >{`Try ${networkName[network].toLowerCase()} again`}</Button>
        </>
      )}
      {begin.data !== undefined && <Watched activation={begin.data} onComplete={onComplete} onFailed={onFailed} />}
    </section>
  );
}

type WatchedProps = Pick<DeploymentProps, "onComplete" | "onFailed"> & { readonly activation: ActivationView };

function Watched({ activation, onComplete, onFailed }: WatchedProps) {
  const { caSetId, version, activationId } = activation;
  const params = { caSetId, version, activationId };
  const { data } = useQuery(read("getActivation", { params }));
  const status = data?.activationStatus;
  useEffect(() => {
    if (status === "COMPLETE") onComplete();
    if (status === "FAILED") onFailed();
  }, [status, onComplete, onFailed]);
  return <ActivationProgress activation={params} />;
}
