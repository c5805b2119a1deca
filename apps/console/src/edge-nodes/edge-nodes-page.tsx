import { EmptyState, EmptyStateBody, Label, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { EdgeNodeView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { networkName } from "../text/network-name.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { Time } from "../text/time.tsx";
import { plural } from "../text/time-text.ts";
import { VirtualRows } from "../text/virtual-rows.tsx";
import { conditionOf, conditionText, nodeRows } from "./node-rows.ts";

const rowHeight = 42;

/** Every node of both networks, those that need somebody first. */
export function EdgeNodesPage() {
  usePageTitle("Edge nodes");
  const { data } = useSuspenseQuery(read("listEdgeNodes"));
  const [words, setWords] = useState("");
  const rows = nodeRows(data.edgeNodes, useDeferredValue(words));
  return (
    <PageSection>
      <h1 className="tcm-title">Edge nodes</h1>
      {data.edgeNodes.length === 0 ? (
        <EmptyState titleText="No edge node is enrolled" headingLevel="h2">
          <EmptyStateBody>
            A node joins with a token: <code>tcm edge token --network staging --engine haproxy</code>
          </EmptyStateBody>
        </EmptyState>
      ) : (
        <>
          <FilterBar
            label="Filter by name, engine or network"
            words={words}
            onWords={setWords}
            found={`${rows.length} of ${plural(data.edgeNodes.length, "node")}`}
          />
          <NodeTable rows={rows} />
        </>
      )}
    </PageSection>
  );
}

function NodeTable({ rows }: { readonly rows: readonly EdgeNodeView[] }) {
  return (
    <Table aria-label="Edge nodes" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th>Node</Th>
          <Th>Network</Th>
          <Th>State</Th>
          <Th>Engine</Th>
          <Th>Address</Th>
          <Th>Last seen</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={6}
          rowHeight={rowHeight}
          row={(node, i) => <NodeRow key={node.nodeId} node={node} index={i} />}
        />
      </Tbody>
    </Table>
  );
}

function NodeRow({ node, index }: { readonly node: EdgeNodeView; readonly index: number }) {
  const { nodeId, network, engine, engineVersion, address, lastSeenDate } = node;
  return (
    <Tr aria-rowindex={index + 2}>
      <Td dataLabel="Node">
        <Link to="/edge-nodes/$nodeId" params={{ nodeId }} className="tcm-name">
          {nodeId}
        </Link>
      </Td>
      <Td dataLabel="Network">{networkName[network]}</Td>
      <Td dataLabel="State">
        <ConditionLabel node={node} />
      </Td>
      <Td dataLabel="Engine">{`${engine} ${engineVersion}`}</Td>
      <Td dataLabel="Address">{address}</Td>
      <Td dataLabel="Last seen">{lastSeenDate === null ? "never" : <Time iso={lastSeenDate} />}</Td>
    </Tr>
  );
}

const colors = { serving: "green", behind: "orange", away: "red", drained: "grey" } as const;

export function ConditionLabel({ node }: { readonly node: EdgeNodeView }) {
  const condition = conditionOf(node);
  return (
    <Label color={colors[condition]} isCompact>
      {conditionText[condition]}
    </Label>
  );
}
