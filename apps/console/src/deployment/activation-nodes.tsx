import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import { Time } from "../text/time.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import type { ActivationKey } from "./activation-key.ts";
import { ExcludeNode } from "./exclude-node.tsx";
import { isDone, nodesInOrder, nodeStateText, noNodesSentence, type NodeView } from "./node-state-text.ts";

const rowHeight = 42;

type Props = {
  readonly activation: ActivationKey;
  readonly nodes: readonly NodeView[];
  /** It ended long ago, and they are not kept. */
  readonly areForgotten: boolean;
  /** It runs, and the person may change it. */
  readonly mayExclude: boolean;
};

/** Node by node how far it is, in the engines' own words. */
export function ActivationNodes({ activation, nodes, areForgotten, mayExclude }: Props) {
  if (nodes.length === 0)
    return <p className={areForgotten ? "tcm-faint" : undefined}>{noNodesSentence(areForgotten)}</p>;
  const rows = nodesInOrder(nodes);
  return (
    <Table aria-label="Edge nodes of this deployment" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th width={20}>Edge node</Th>
          <Th>State</Th>
          <Th>What it says</Th>
          <Th>Since</Th>
          {mayExclude && <Th screenReaderText="Actions" />}
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={mayExclude ? 5 : 4}
          rowHeight={rowHeight}
          row={(node, i, measured) => (
            <Row
              key={node.nodeId}
              activation={activation}
              node={node}
              index={i}
              measured={measured}
              mayExclude={mayExclude}
            />
          )}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = Pick<Props, "activation" | "mayExclude"> & {
  readonly node: NodeView;
  readonly index: number;
  readonly measured: Measured;
};

function Row({ activation, node, index, measured, mayExclude }: RowProps) {
  const { nodeId, goesFirst, excludedDate, modifiedDate } = node;
  const { word, color, sentence } = nodeStateText(node);
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Edge node">
        <Link to="/edge-nodes/$nodeId" params={{ nodeId }} className="tcm-name">
          {nodeId}
        </Link>{" "}
        {goesFirst === true && <Label isCompact>goes first</Label>}
      </Td>
      <Td dataLabel="State">
        <Label color={color} isCompact>
          {word}
        </Label>
      </Td>
      <Td dataLabel="What it says">
        <span className="tcm-name">{sentence}</span>
      </Td>
      <Td dataLabel="Since" modifier="nowrap">
        <Time iso={excludedDate ?? modifiedDate} />
      </Td>
      {mayExclude && (
        <Td isActionCell>
          {excludedDate === null && !isDone(node) && <ExcludeNode activation={activation} nodeId={nodeId} />}
        </Td>
      )}
    </Tr>
  );
}
