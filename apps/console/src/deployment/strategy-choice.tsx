import { FormGroup, Radio } from "@patternfly/react-core";
import type { Strategy } from "../journey/strategy.ts";

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
        isChecked={strategy === "ALL_AT_ONCE"}
        onChange={() => onStrategy("ALL_AT_ONCE")}
      />
      <Radio
        id="strategy-one"
        name="strategy"
        label="One node first"
        description="It is watched for 30 seconds; the others follow when nothing happened. One refused client whose CA this change removes stops it there; other refusals do not count."
        isChecked={strategy === "ONE_NODE_FIRST"}
        onChange={() => onStrategy("ONE_NODE_FIRST")}
      />
    </FormGroup>
  );
}
