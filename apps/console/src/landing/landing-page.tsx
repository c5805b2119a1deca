import { Alert, AlertGroup, Button, Card, CardBody, CardTitle, Gallery, PageSection } from "@patternfly/react-core";
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { plural } from "../text/time-text.ts";
import { attentionOf } from "./attention.ts";
import { networkSummary } from "./network-summary.ts";

/** What needs attention, and what runs where. */
export function LandingPage() {
  usePageTitle("Overview");
  const [sets, nodes] = useSuspenseQueries({ queries: [read("listCaSets"), read("listEdgeNodes")] });
  const navigate = useNavigate();
  const attention = attentionOf(sets.data.caSets, nodes.data.edgeNodes);
  return (
    <>
      <PageSection>
        <h1 className="tcm-title">Overview</h1>
        <p>The CA certificates with which your edges authenticate their clients.</p>
        <Button onClick={() => void navigate({ to: "/ca-sets" })}>Manage Certificate Sets</Button>
      </PageSection>
      <PageSection>
        <h2 className="tcm-heading">Needs attention</h2>
        {attention.length === 0 ? (
          <Alert
            variant="success"
            isInline
            isPlain
            title="Nothing does: every edge node serves what it should."
            component="p"
          />
        ) : (
          <AlertGroup>
            {attention.map(({ key, severity, sentence }) => (
              <Alert key={key} variant={severity} isInline title={sentence} component="p" />
            ))}
          </AlertGroup>
        )}
      </PageSection>
      <PageSection>
        <h2 className="tcm-heading">What runs where</h2>
        <Gallery hasGutter minWidths={{ default: "280px" }}>
          {(["STAGING", "PRODUCTION"] as const).map((network) => {
            const { name, activeSets, connected, expected } = networkSummary(
              network,
              sets.data.caSets,
              nodes.data.edgeNodes,
            );
            return (
              <Card key={network} isCompact>
                <CardTitle component="h3">{name}</CardTitle>
                <CardBody>
                  <p>
                    <Link to="/ca-sets">{plural(activeSets, "active set")}</Link>
                  </p>
                  <p>{`${connected} of ${plural(expected, "edge node")} connected`}</p>
                </CardBody>
              </Card>
            );
          })}
        </Gallery>
      </PageSection>
    </>
  );
}
