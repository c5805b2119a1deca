import { Alert, Button, Checkbox, Form, FormGroup, TextInput } from "@patternfly/react-core";
import type { Network } from "@tcm/core";
import { type FormEvent, useState } from "react";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";

export type Choice = { readonly description: string; readonly networks: readonly Network[] };

type Props = {
  /** A set that no network has yet. */
  readonly isNew: boolean;
  readonly isBusy: boolean;
  readonly onSave: (choice: Choice) => void;
  readonly onDeploy: (choice: Choice) => void;
  readonly onBack: () => void;
};

/** Where the version goes, and the last look before anything is written. */
export function LocationStep({ isNew, isBusy, onSave, onDeploy, onBack }: Props) {
  const mayDeploy = { STAGING: useMay("deploy-staging"), PRODUCTION: useMay("deploy-production") };
  const [description, setDescription] = useState("");
  const [chosen, setChosen] = useState<readonly Network[]>(mayDeploy.STAGING ? ["STAGING"] : []);
  const choose = (network: Network, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, network] : chosen.filter((one) => one !== network));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onDeploy({ description, networks: chosen });
  };
  return (
    <Form onSubmit={submit} className="tcm-narrow">
      <FormGroup label="What this version is for" fieldId="description">
        <TextInput
          id="description"
          maxLength={255}
          value={description}
          onChange={(_, value) => setDescription(value)}
        />
      </FormGroup>
      <FormGroup role="group" label="Select a deployment location" fieldId="locations">
        {(["STAGING", "PRODUCTION"] as const).map((network) => (
          <Checkbox
            key={network}
            id={`location-${network}`}
            label={networkName[network]}
            description={mayDeploy[network] ? undefined : "Your role may not deploy here."}
            isDisabled={!mayDeploy[network]}
            isChecked={chosen.includes(network)}
            onChange={(_, value) => choose(network, value)}
          />
        ))}
      </FormGroup>
      <Alert variant="info" isInline isPlain component="p" title={ruleText(isNew, chosen)} />
      <div className="tcm-actions">
        <Button type="submit" isDisabled={isBusy || chosen.length === 0} isLoading={isBusy}>
          Deploy
        </Button>
        <Button variant="secondary" isDisabled={isBusy} onClick={() => onSave({ description, networks: [] })}>
          Save without deploying
        </Button>
        <Button variant="link" isDisabled={isBusy} onClick={onBack}>
          Back to the certificates
        </Button>
      </div>
    </Form>
  );
}

export function ruleText(isNew: boolean, chosen: readonly Network[]): string {
  if (chosen.length === 2)
    return "Staging goes first. Production begins when every staging node has shown that it serves the version.";
  if (isNew)
    return "A new set must be on both networks before an edge certificate can use it. Staging alone is a good first step.";
  return "Each network may run another version of this set.";
}
