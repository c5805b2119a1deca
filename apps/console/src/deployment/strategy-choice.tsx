import { FormGroup, FormHelperText, HelperText, HelperTextItem, Radio, TextInput } from "@patternfly/react-core";
import { oneNodeFirstText, type Strategy, strategyFault } from "../journey/strategy.ts";

type StrategyProps = { readonly strategy: Strategy; readonly onStrategy: (strategy: Strategy) => void };

/** How a version reaches the nodes of a network: a choice of safety against time. */
export function StrategyChoice({ strategy, onStrategy }: StrategyProps) {
  return (
    <FormGroup role="radiogroup" label="In what order" fieldId="strategy">
      <Radio
        id="strategy-all"
        name="strategy"
        label="All nodes at once"
        description="In seconds everywhere. When a node rejects it, what was there before goes out again, unless the change only takes trust away."
        isChecked={strategy.order === "ALL_AT_ONCE"}
        onChange={() => onStrategy({ ...strategy, order: "ALL_AT_ONCE" })}
      />
      <Radio
        id="strategy-one"
        name="strategy"
        label="One node first"
        description={oneNodeFirstText(strategy)}
        isChecked={strategy.order === "ONE_NODE_FIRST"}
        onChange={() => onStrategy({ ...strategy, order: "ONE_NODE_FIRST" })}
        body={strategy.order === "ONE_NODE_FIRST" && <FirstNode strategy={strategy} onStrategy={onStrategy} />}
      />
    </FormGroup>
  );
}

function FirstNode(props: StrategyProps) {
  return (
    <div className="tcm-first-node">
      <NumberField
        {...props}
        name="observationSeconds"
        label="Seconds that it is watched"
        help="Up to an hour. The others are told when they are over."
      />
      <NumberField
        {...props}
        name="maxRefusedClients"
        label="Refused clients that do not stop it"
        help="Clients of a CA that this change removes, each counted once."
      />
    </div>
  );
}

type FieldProps = StrategyProps & {
  readonly name: "observationSeconds" | "maxRefusedClients";
  readonly label: string;
  readonly help: string;
};

function NumberField({ strategy, onStrategy, name, label, help }: FieldProps) {
  const fault = strategyFault(strategy, name);
  return (
    <FormGroup label={label} fieldId={name}>
      <TextInput
        id={name}
        inputMode="numeric"
        value={strategy[name]}
        onChange={(_, value) => onStrategy({ ...strategy, [name]: value })}
        validated={fault === undefined ? "default" : "error"}
        aria-invalid={fault !== undefined}
        aria-describedby={`${name}-help`}
        className="tcm-number"
      />
      <FormHelperText>
        <HelperText id={`${name}-help`}>
          <HelperTextItem variant={fault === undefined ? "default" : "error"}>{fault ?? help}</HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
