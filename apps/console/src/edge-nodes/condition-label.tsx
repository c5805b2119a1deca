import { Label } from "@patternfly/react-core";
import type { EdgeNodeView } from "@tcm/api-contract";
import { conditionColor, conditionOf, conditionText } from "./node-condition.ts";

export function ConditionLabel({ node }: { readonly node: EdgeNodeView }) {
  const condition = conditionOf(node);
  return (
    <Label color={conditionColor[condition]} isCompact>
      {conditionText[condition]}
    </Label>
  );
}
