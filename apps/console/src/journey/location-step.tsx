import { Alert, Button, Checkbox, Form, FormGroup } from "@patternfly/react-core";
import type { Network } from "@tcm/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { StrategyChoice } from "../deployment/strategy-choice.tsx";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { AccessChange } from "./access-change.tsx";
import type { JourneyStart, JourneyState } from "./journey-state.ts";
import { ruleText } from "./location-rule.ts";
import { StepHead } from "./step-head.tsx";
import { hasStrategyFault, type Strategy } from "./strategy.ts";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  readonly start: JourneyStart;
  readonly state: JourneyState;
  readonly isBusy: boolean;
  readonly outcome: ReactNode;
  /** It waits for a decision, which is what comes next. */
  readonly isAsked: boolean;
  readonly onStrategy: (strategy: Strategy) => void;
  /** No networks: saved without being deployed. */
  readonly onSave: (networks: readonly Network[]) => void;
  readonly onBack: () => void;
  readonly onCancel: () => void;
};

const networks = ["STAGING", "PRODUCTION"] as const;

/** Where the version goes. */
export function LocationStep(props: Props) {
  const { start, state, isBusy, outcome, isAsked, onStrategy, onSave, onBack, onCancel } = props;
  const { active } = start;
  const mayDeploy = { STAGING: useMay("deploy-staging"), PRODUCTION: useMay("deploy-production") };
  const [chosen, setChosen] = useState<readonly Network[]>(mayDeploy.STAGING ? ["STAGING"] : []);
  const isNew = active.STAGING === null && active.PRODUCTION === null;
  const choose = (network: Network, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, network] : chosen.filter((one) => one !== network));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave(chosen);
  };
  return (
    <>
      <StepHead title="Location" />
      <Form onSubmit={submit} className="tcm-narrow">
        <FormGroup role="group" label="Select a deployment location" fieldId="locations">
          {networks.map((network) => (
            <Checkbox
              key={network}
              id={`location-${network}`}
              label={networkName[network]}
              description={mayDeploy[network] ? nowThere(active[network]) : "Your role may not deploy here."}
              isDisabled={!mayDeploy[network]}
              isChecked={chosen.includes(network)}
              onChange={(_, value) => choose(network, value)}
            />
          ))}
        </FormGroup>
        <Alert variant="info" isInline isPlain component="p" title={ruleText(isNew, chosen)} />
        <StrategyChoice strategy={state.strategy} onStrategy={onStrategy} />
        {chosen.map((network) => (
          <AccessChange key={network} start={start} draft={state.draft} network={network} />
        ))}
        {outcome}
        <div className="tcm-actions tcm-step-actions">
          <BusyButton
            type="submit"
            variant={isAsked ? "secondary" : "primary"}
            isDisabled={chosen.length === 0 || hasStrategyFault(state.strategy)}
            isBusy={isBusy}
          >
            Deploy
          </BusyButton>
          <Button variant="secondary" isAriaDisabled={isBusy} onClick={() => onSave([])}>
            Save without deploying
          </Button>
          <Button variant="link" isDisabled={isBusy} onClick={onBack}>
            Back
          </Button>
          <Button variant="link" isDisabled={isBusy} onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </Form>
    </>
  );
}

function nowThere(version: number | null): string {
  return version === null ? "Nothing of this set is there yet." : `Version ${version} is there now.`;
}
