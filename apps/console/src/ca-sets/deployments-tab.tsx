import { EmptyState, EmptyStateBody, Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ActivationView, CaSetView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { networkName } from "../text/network-name.ts";
import { Time } from "../text/time.tsx";
import { VirtualRows } from "../text/virtual-rows.tsx";
import { HistoryTable } from "../timeline/history-table.tsx";
import { historyOf } from "../timeline/network-history.ts";
import { VersionTimeline } from "../timeline/version-timeline.tsx";

const rowHeight = 42;

/** What ran where from when to when, and every deployment of the set, newest first. */
export function DeploymentsTab({ set }: { readonly set: CaSetView }) {
  const { caSetId } = set;
  const { data } = useSuspenseQuery(read("listSetActivations", { params: { caSetId } }));
  if (data.activations.length === 0)
    return (
      <EmptyState titleText="Nothing of this set was deployed yet" headingLevel="h2">
        <EmptyStateBody>
          Begin on staging: it is an edge with an address of its own, where clients can be tried.
        </EmptyStateBody>
      </EmptyState>
    );
  const histories = historyOf(data.activations, set);
  return (
    <>
      <h2 className="tcm-heading">Which version ran where</h2>
      <VersionTimeline caSetId={caSetId} histories={histories} now={Date.now()} />
      <HistoryTable caSetId={caSetId} histories={histories} />
      <h2 className="tcm-heading tcm-result">Deployments</h2>
      <Deployments caSetId={caSetId} activations={data.activations} />
    </>
  );
}

type Props = { readonly caSetId: string; readonly activations: readonly ActivationView[] };

function Deployments({ caSetId, activations }: Props) {
  return (
    <Table aria-label="Deployments" variant="compact" aria-rowcount={activations.length + 1}>
      <Thead>
        <Tr>
          <Th>Deployment</Th>
          <Th>Network</Th>
          <Th>State</Th>
          <Th>Begun</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={activations}
          columns={4}
          rowHeight={rowHeight}
          row={(one, i, measured) => (
            <Tr key={one.activationId} aria-rowindex={i + 2} {...measured}>
              <Td dataLabel="Deployment">
                <Link
                  to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
                  params={{ caSetId, version: String(one.version), activationId: String(one.activationId) }}
                >
                  {`${one.activationType === "ACTIVATE" ? "version" : "withdrawal of version"} ${one.version}`}
                </Link>
              </Td>
              <Td dataLabel="Network">{networkName[one.network]}</Td>
              <Td dataLabel="State">
                <StateLabel activation={one} />
              </Td>
              <Td dataLabel="Begun">
                <span>
                  <Time iso={one.createdDate} /> by {one.createdBy}
                </span>
              </Td>
            </Tr>
          )}
        />
      </Tbody>
    </Table>
  );
}

const colors = { IN_PROGRESS: "blue", COMPLETE: "green", FAILED: "red" } as const;

function StateLabel({ activation }: { readonly activation: ActivationView }) {
  const { activationStatus, percentComplete } = activation;
  const words = { IN_PROGRESS: `${percentComplete} %`, COMPLETE: "complete", FAILED: "failed" };
  return (
    <Label color={colors[activationStatus]} isCompact>
      {words[activationStatus]}
    </Label>
  );
}
