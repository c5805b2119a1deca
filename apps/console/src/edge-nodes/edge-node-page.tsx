import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  PageSection,
} from "@patternfly/react-core";
import type { EdgeNodeView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { LongName } from "../text/long-name.tsx";
import { networkName } from "../text/network-name.ts";
import { Time } from "../text/time.tsx";
import { ConditionLabel } from "./condition-label.tsx";
import { DrainNode } from "./drain-node.tsx";
import { askAgainMs } from "./node-condition.ts";
import { NodeEntries } from "./node-entries.tsx";
import { certificateSentence, clockSentence, conditionSentence } from "./node-facts.ts";
import { RemoveNode } from "./remove-node.tsx";

/** One node: what it should serve, what it says that it serves, in its engine's own words. */
export function EdgeNodePage() {
  const { nodeId } = useParams({ from: "/edge-nodes/$nodeId" });
  const { data: node } = useSuspenseQuery({
    ...read("getEdgeNode", { params: { nodeId } }),
    refetchInterval: ({ state }) => askAgainMs(state.data && [state.data]),
  });
  usePageTitle(`Edge node ${nodeId}`);
  const mayChange = useMay("change-edges");
  return (
    <PageSection>
      <p>
        <Link to="/edge-nodes">Edge nodes</Link>
      </p>
      <div className="tcm-head">
        <h1 className="tcm-title">
          <LongName name={nodeId} />
        </h1>
        {mayChange && (
          <div className="tcm-actions">
            <DrainNode node={node} />
            <RemoveNode node={node} />
          </div>
        )}
      </div>
      <p className="tcm-block tcm-state">
        <ConditionLabel node={node} /> <span>{conditionSentence(node)}</span>
      </p>
      <Facts node={node} />
      <h2 className="tcm-heading">What it serves</h2>
      <NodeEntries node={node} />
    </PageSection>
  );
}

function Facts({ node }: { readonly node: EdgeNodeView }) {
  const clock = clockSentence(node);
  return (
    <DescriptionList isHorizontal isCompact className="tcm-block">
      <Fact term="Network">{networkName[node.network]}</Fact>
      <Fact term="Engine">{`${node.engine} ${node.engineVersion}`}</Fact>
      <Fact term="Address">
        <LongName name={node.address} />
      </Fact>
      <Fact term="Proves up to">{node.highestLevel}</Fact>
      <Fact term="Its certificate">{certificateSentence(node, Date.now())}</Fact>
      {clock !== undefined && <Fact term="Its clock is">{clock}</Fact>}
      <Fact term="Last seen">{node.lastSeenDate === null ? "never" : <Time iso={node.lastSeenDate} />}</Fact>
    </DescriptionList>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
