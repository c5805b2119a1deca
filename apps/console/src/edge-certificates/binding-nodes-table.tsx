import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import { networkName } from "../text/network-name.ts";
import { VirtualRows } from "../text/virtual-rows.tsx";
import type { BindingNode } from "./binding-nodes.ts";

const rowHeight = 42;
const colors = { rejected: "red", waits: "blue", serves: "green" } as const;

/** Node by node how far it is with an edge certificate. */
export function BindingNodesTable({ nodes }: { readonly nodes: readonly BindingNode[] }) {
  return (
    <Table aria-label="Edge nodes of this deployment" variant="compact" aria-rowcount={nodes.length + 1}>
      <Thead>
        <Tr>
          <Th>Edge node</Th>
          <Th>Network</Th>
          <Th>State</Th>
          <Th>What it says</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={nodes}
          columns={4}
          rowHeight={rowHeight}
          row={({ nodeId, network, state, text }, i, measured) => (
            <Tr key={nodeId} aria-rowindex={i + 2} {...measured}>
              <Td dataLabel="Edge node">
                <Link to="/edge-nodes/$nodeId" params={{ nodeId }} className="tcm-name">
                  {nodeId}
                </Link>
              </Td>
              <Td dataLabel="Network">{networkName[network]}</Td>
              <Td dataLabel="State">
                <Label color={colors[state]} isCompact>
                  {state}
                </Label>
              </Td>
              <Td dataLabel="What it says">{text}</Td>
            </Tr>
          )}
        />
      </Tbody>
    </Table>
  );
}
