import { ProgressStep, ProgressStepper } from "@patternfly/react-core";
import type { ActivationView } from "@tcm/api-contract";
import type { NodeView } from "./node-state-text.ts";
import { type Stage, stagesOf } from "./stages.ts";
import { useNow } from "./use-now.ts";

const variants = { done: "success", now: "info", waiting: "pending", stopped: "danger" } as const;
const words: Readonly<Record<Stage["state"], string>> = {
  done: "done",
  now: "under way",
  waiting: "not begun",
  stopped: "stopped",
};

type Props = { readonly activation: ActivationView; readonly nodes: readonly NodeView[] };

/** Of a deployment with one node first: where it is. */
export function DeploymentStages({ activation, nodes }: Props) {
  const isWatched = activation.oneNodeFirst?.phase === "OBSERVATION" && activation.activationStatus === "IN_PROGRESS";
  const stages = stagesOf(activation, nodes, useNow(isWatched));
  if (stages === undefined) return null;
  return (
    <ProgressStepper aria-label="Stages of this deployment" isVertical>
      {stages.map(({ name, state, sentence }, i) => (
        <ProgressStep
          key={name}
          id={`stage-${i}`}
          titleId={`stage-${i}-title`}
          variant={variants[state]}
          isCurrent={state === "now"}
          description={sentence}
          aria-label={`${name}: ${words[state]}`}
        >
          {name}
        </ProgressStep>
      ))}
    </ProgressStepper>
  );
}
