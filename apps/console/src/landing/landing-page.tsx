import {
  Button,
  Card,
  CardBody,
  CardTitle,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Gallery,
  PageSection,
} from "@patternfly/react-core";
import type { EdgeNodeView, CaSetView } from "@tcm/api-contract";
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { followedNodes } from "../edge-nodes/followed-nodes.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { plural } from "../text/time-text.ts";
import { attentionOf } from "./attention.ts";
import { AttentionList } from "./attention-list.tsx";
import { networkSummary } from "./network-summary.ts";
import { RunningTable } from "./running-table.tsx";
import { runningWhere } from "./running-where.ts";

/** What needs attention, and what runs where. */
export function LandingPage() {
  usePageTitle("Overview");
  const [sets, nodes, overview, edgeCertificates] = useSuspenseQueries({
    queries: [read("listCaSets"), followedNodes, read("getOverview"), read("listEdgeCertificates")],
  });
  const navigate = useNavigate();
  const mayDeployProduction = useMay("deploy-production");
  const { caSets } = sets.data;
  const attention = attentionOf({
    sets: caSets,
    nodes: nodes.data.edgeNodes,
    edgeCertificates: edgeCertificates.data.edgeCertificates,
    overview: overview.data,
    nowMs: Date.now(),
    mayDeployProduction,
  });
  return (
    <>
      <PageSection>
        <h1 className="tcm-title">Overview</h1>
        <p className="tcm-block">The CA certificates with which your edges authenticate their clients.</p>
        <div className="tcm-actions">
          <Button
            variant={caSets.length === 0 ? "secondary" : "primary"}
            onClick={() => void navigate({ to: "/ca-sets" })}
          >
            Manage Certificate Sets
          </Button>
          <Link to="/expiring" className="pf-v6-c-button pf-m-link">
            Expiring certificates
          </Link>
        </div>
      </PageSection>
      {caSets.length > 0 || attention.length > 0 ? (
        <PageSection aria-labelledby="attention">
          <h2 className="tcm-heading" id="attention">
            Needs attention
          </h2>
          <AttentionList attention={attention} />
        </PageSection>
      ) : null}
      <PageSection aria-labelledby="running">
        <h2 className="tcm-heading" id="running">
          What runs where
        </h2>
        <Networks sets={caSets} nodes={nodes.data.edgeNodes} />
        {caSets.length === 0 ? <NewInstallation /> : <RunningTable rows={runningWhere(caSets, overview.data)} />}
      </PageSection>
    </>
  );
}

function NewInstallation() {
  const navigate = useNavigate();
  const mayEdit = useMay("edit");
  return (
    <EmptyState titleText="There is no certificate set yet" headingLevel="h3">
      <EmptyStateBody>
        A certificate set holds the CA certificates whose clients your edges let in. Create one, try it on staging, and
        deploy it to production. Until then the edges let in nobody.
      </EmptyStateBody>
      {mayEdit && (
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button onClick={() => void navigate({ to: "/ca-sets/new" })}>Create new set</Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

type NetworksProps = { readonly sets: readonly CaSetView[]; readonly nodes: readonly EdgeNodeView[] };

function Networks({ sets, nodes }: NetworksProps) {
  return (
    <Gallery hasGutter className="tcm-network-cards tcm-block">
      {(["STAGING", "PRODUCTION"] as const).map((network) => {
        const { name, activeSets, serving, expected } = networkSummary(network, sets, nodes);
        return (
          <Card key={network} isCompact>
            <CardTitle component="h3">{name}</CardTitle>
            <CardBody>
              <p>{plural(activeSets, "active set")}</p>
              <p>
                <Link to="/edge-nodes" search={{ network }}>
                  {expected === 0 ? "no edge nodes" : `${serving} of ${plural(expected, "edge node")}`}
                </Link>
                {expected > 0 &&
                  ` ${expected === 1 ? "serves" : "serve"} what ${expected === 1 ? "it" : "they"} should`}
              </p>
            </CardBody>
          </Card>
        );
      })}
    </Gallery>
  );
}
