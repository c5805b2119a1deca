import { Button, EmptyState, EmptyStateBody, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { EdgeNodeView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue } from "react";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { LongName } from "../text/long-name.tsx";
import { networkName } from "../text/network-name.ts";
import { Time } from "../text/time.tsx";
import { expiryText, plural } from "../text/time-text.ts";
import { beginWindow } from "../text/fetch-window.ts";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { ConditionLabel } from "./condition-label.tsx";
import { followedNodes } from "./followed-nodes.ts";
import { enginesOf, type NodeFilter, nodeRows, readNodeFilter } from "./node-filter.ts";
import { NodeFilterBar } from "./node-filter-bar.tsx";

beginWindow();

const rowHeight = 59;

/** Every node of both networks, those that need somebody first. */
export function EdgeNodesPage() {
  usePageTitle("Edge nodes");
  const { data } = useSuspenseQuery(followedNodes);
  const filter = useSearch({ from: "/edge-nodes" });
  const navigate = useNavigate({ from: "/edge-nodes" });
  const rows = nodeRows(data.edgeNodes, useDeferredValue(filter), Date.now());
  const mayAdd = useMay("change-edges");
  const setFilter = (wanted: NodeFilter): void =>
    void navigate({ search: readNodeFilter(wanted), replace: true, resetScroll: false });
  return (
    <PageSection>
      <div className="tcm-head">
        <h1 className="tcm-title">Edge nodes</h1>
        {mayAdd && <Button onClick={() => void navigate({ to: "/edge-nodes/new/join" })}>Add an edge node</Button>}
      </div>
      {data.edgeNodes.length === 0 ? (
        <NoNodes />
      ) : (
        <>
          <NodeFilterBar
            filter={filter}
            engines={enginesOf(data.edgeNodes)}
            onFilter={setFilter}
            found={`${rows.length} of ${plural(data.edgeNodes.length, "node")}`}
          />
          {rows.length === 0 ? <NoneFits onClear={() => setFilter({})} /> : <NodeTable rows={rows} />}
        </>
      )}
    </PageSection>
  );
}

function NoNodes() {
  return (
    <EmptyState titleText="No edge node is enrolled" headingLevel="h2">
      <EmptyStateBody>
        A node is one proxy with an agent beside it. It joins one network, once, with a token; until then deployments
        are complete at once, and reach nobody.
      </EmptyStateBody>
    </EmptyState>
  );
}

function NoneFits({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState titleText="No node fits these filters" headingLevel="h2">
      <EmptyStateBody>
        <Button variant="link" isInline onClick={onClear}>
          Show every node
        </Button>
      </EmptyStateBody>
    </EmptyState>
  );
}

function NodeTable({ rows }: { readonly rows: readonly EdgeNodeView[] }) {
  return (
    <Table aria-label="Edge nodes" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th width={25}>Node</Th>
          <Th>Network</Th>
          <Th>State</Th>
          <Th width={20}>Engine</Th>
          <Th>Its certificate</Th>
          <Th>Last seen</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={6}
          rowHeight={rowHeight}
          row={(node, i, measured) => <NodeRow key={node.nodeId} node={node} index={i} measured={measured} />}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = { readonly node: EdgeNodeView; readonly index: number; readonly measured: Measured };

function NodeRow({ node, index, measured }: RowProps) {
  const { nodeId, network, engine, engineVersion, address, lastSeenDate, certificateExpiryDate } = node;
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Node">
        <Link to="/edge-nodes/$nodeId" params={{ nodeId }} className="tcm-name">
          <LongName name={nodeId} />
        </Link>
      </Td>
      <Td dataLabel="Network">{networkName[network]}</Td>
      <Td dataLabel="State">
        <ConditionLabel node={node} />
      </Td>
      <Td dataLabel="Engine">
        <div>{`${engine} ${engineVersion}`}</div>
        <div className="tcm-faint">
          <LongName name={address} />
        </div>
      </Td>
      <Td dataLabel="Its certificate" modifier="nowrap">
        {certificateExpiryDate === null ? "none yet" : expiryText(certificateExpiryDate, Date.now())}
      </Td>
      <Td dataLabel="Last seen">{lastSeenDate === null ? "never" : <Time iso={lastSeenDate} />}</Td>
    </Tr>
  );
}
