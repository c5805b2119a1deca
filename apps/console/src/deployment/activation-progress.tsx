import { Alert, Label, Progress, ProgressMeasureLocation, ProgressVariant } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ActivationView } from "@tcm/api-contract";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { nodeStateText } from "./node-state-text.ts";

export type ActivationKey = { readonly caSetId: string; readonly version: number; readonly activationId: number };

/** While events are lost the page asks by itself, slowly. */
const fallbackMs = 5_000;

/** One activation live: how far it is, node by node, in the engines' own words. */
export function ActivationProgress({ activation: params }: { readonly activation: ActivationKey }) {
  const activation = useQuery({
    ...read("getActivation", { params }),
    refetchInterval: ({ state }) => (state.data?.activationStatus === "IN_PROGRESS" ? fallbackMs : false),
  });
  const nodes = useQuery({
    ...read("listActivationNodes", { params }),
    refetchInterval: activation.data?.activationStatus === "IN_PROGRESS" ? fallbackMs : false,
  });
  if (activation.isError) return <ProblemAlert error={activation.error} />;
  if (activation.data === undefined) return <Progress aria-label="Deployment" value={0} title="Being read" />;
  return (
    <>
      <Summary activation={activation.data} />
      {nodes.data !== undefined && <Nodes nodes={nodes.data.nodes} />}
    </>
  );
}

function Summary({ activation }: { readonly activation: ActivationView }) {
  const { activationStatus, percentComplete, network, failureReason } = activation;
  return (
    <>
      <Progress
        title={networkName[network]}
        aria-label={`${networkName[network]} deployment`}
        value={percentComplete}
        measureLocation={ProgressMeasureLocation.outside}
        {...(activationStatus === "COMPLETE" && { variant: ProgressVariant.success })}
        {...(activationStatus === "FAILED" && { variant: ProgressVariant.danger })}
      />
      {activationStatus === "IN_PROGRESS" && <p role="status">{phaseText(activation)}</p>}
      {activationStatus === "COMPLETE" && (
        <Alert variant="success" isInline isLiveRegion component="p" title={completeText(activation)} />
      )}
      {activationStatus === "FAILED" && (
        <Alert variant="danger" isInline isLiveRegion component="p" title={`${networkName[network]}: failed`}>
          {failureReason}
        </Alert>
      )}
    </>
  );
}

/** Where a deployment with one node first is. */
function phaseText({ oneNodeFirst }: ActivationView): string {
  if (oneNodeFirst === undefined) return "";
  const { nodeId, phase, observationSeconds } = oneNodeFirst;
  if (phase === "FIRST_NODE") return `${nodeId} goes first.`;
  return phase === "OBSERVATION"
    ? `${nodeId} has shown the change and is watched for ${observationSeconds} seconds.`
    : `${nodeId} went well; the others follow.`;
}

function completeText({ network, activationType, version }: ActivationView): string {
  const done = activationType === "ACTIVATE" ? `version ${version} is deployed` : `version ${version} is withdrawn`;
  return `${networkName[network]}: ${done}, and every edge node has shown it.`;
}

function Nodes({ nodes }: { readonly nodes: Parameters<typeof nodeStateText>[0][] }) {
  if (nodes.length === 0) return <p>This network has no edge nodes; the deployment is complete at once.</p>;
  return (
    <Table aria-label="Edge nodes of this deployment" variant="compact">
      <Thead>
        <Tr>
          <Th>Edge node</Th>
          <Th>State</Th>
          <Th>What it says</Th>
          <Th>Since</Th>
        </Tr>
      </Thead>
      <Tbody>
        {nodes.map((node) => {
          const { word, color, sentence } = nodeStateText(node);
          return (
            <Tr key={node.nodeId}>
              <Td dataLabel="Edge node">
                <span className="tcm-name">{node.nodeId}</span>
              </Td>
              <Td dataLabel="State">
                <Label color={color} isCompact>
                  {word}
                </Label>
              </Td>
              <Td dataLabel="What it says">{sentence}</Td>
              <Td dataLabel="Since">
                <Time iso={node.modifiedDate} />
              </Td>
            </Tr>
          );
        })}
      </Tbody>
    </Table>
  );
}
