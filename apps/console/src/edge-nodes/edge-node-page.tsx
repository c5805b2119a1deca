import {
  Button,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  PageSection,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { EdgeNodeView } from "@tcm/api-contract";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { ConditionLabel } from "./edge-nodes-page.tsx";

/** One node: what it should serve, what it says that it serves, in its engine's own words. */
export function EdgeNodePage() {
  const { nodeId } = useParams({ from: "/edge-nodes/$nodeId" });
  const { data: node } = useSuspenseQuery(read("getEdgeNode", { params: { nodeId } }));
  usePageTitle(nodeId);
  return (
    <PageSection>
      <p>
        <Link to="/edge-nodes">Edge nodes</Link>
      </p>
      <div className="tcm-head">
        <h1 className="tcm-title tcm-name">{nodeId}</h1>
        <Drain node={node} />
      </div>
      <DescriptionList isHorizontal isCompact className="tcm-block">
        <Fact term="State">
          <ConditionLabel node={node} />
        </Fact>
        <Fact term="Network">{networkName[node.network]}</Fact>
        <Fact term="Engine">{`${node.engine} ${node.engineVersion}`}</Fact>
        <Fact term="It can show that a change is">{node.highestLevel}</Fact>
        <Fact term="Address">{node.address}</Fact>
        <Fact term="Last seen">{node.lastSeenDate === null ? "never" : <Time iso={node.lastSeenDate} />}</Fact>
      </DescriptionList>
      <h2 className="tcm-heading">What it serves</h2>
      <Entries node={node} />
    </PageSection>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: React.ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

function Drain({ node: { nodeId, drained } }: { readonly node: EdgeNodeView }) {
  const queries = useQueryClient();
  const mayChange = useMay("change-edges");
  const drain = useMutation({
    mutationFn: () => client.call("changeEdgeNode", { params: { nodeId }, body: { drained: !drained } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  if (!mayChange) return null;
  return (
    <div>
      {drain.isError && <ProblemAlert error={drain.error} />}
      <Button variant="secondary" onClick={() => drain.mutate()} isDisabled={drain.isPending}>
        {drained ? "Take back into service" : "Drain: wait for it no more"}
      </Button>
    </div>
  );
}

function Entries({ node: { entries } }: { readonly node: EdgeNodeView }) {
  if (entries.length === 0) return <p className="tcm-faint">Nothing is deployed on its network.</p>;
  return (
    <Table aria-label="Entries of this node" variant="compact">
      <Thead>
        <Tr>
          <Th>Entry</Th>
          <Th>State</Th>
          <Th>Expected</Th>
          <Th>Reported</Th>
          <Th>What it says</Th>
        </Tr>
      </Thead>
      <Tbody>
        {entries.map((entry) => (
          <Tr key={entry.entryId}>
            <Td dataLabel="Entry">{entry.entryId}</Td>
            <Td dataLabel="State">{entry.isDrifted ? `${entry.state}, behind` : entry.state}</Td>
            <Td dataLabel="Expected">{entry.expectedGeneration}</Td>
            <Td dataLabel="Reported">{entry.reportedGeneration ?? "nothing"}</Td>
            <Td dataLabel="What it says">
              {entry.detail} {entry.code !== null && <code>{entry.code}</code>}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
