import { Alert, Progress, ProgressVariant } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import type { EdgeCertificateView, EdgeNodeView } from "@tcm/api-contract";
import { read } from "../api/queries.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { type BindingNode, bindingNodes } from "./binding-nodes.ts";
import { BindingNodesTable } from "./binding-nodes-table.tsx";
import { progressText } from "./progress-text.ts";

/** Nodes that report raise an event for each; a thousand of them are read at this pace. */
const readAgainMs = 2_000;

/** The deployment of an edge certificate live: per network and node, until every node has proved it. */
export function BindingProgress({ edgeCertificateId }: { readonly edgeCertificateId: number }) {
  const certificate = useQuery({
    ...read("getEdgeCertificate", { params: { edgeCertificateId } }),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? readAgainMs : false),
  });
  const isBehind = (all: readonly EdgeNodeView[]): boolean =>
    bindingNodes(all, edgeCertificateId).some(({ state }) => state !== "serves");
  const nodes = useQuery({
    ...read("listEdgeNodes", { query: { entries: `edge-certificate/${edgeCertificateId}` } }),
    // The last proof may come between the two reads: until the nodes say what their network says.
    refetchInterval: ({ state }) =>
      isUnderWay(certificate.data) || (isComplete(certificate.data) && isBehind(state.data?.edgeNodes ?? []))
        ? readAgainMs
        : false,
  });
  if (certificate.data === undefined && certificate.isError)
    return <ProblemAlert error={certificate.error} live={false} />;
  if (certificate.data === undefined) return <Progress aria-label="Deployment" value={0} title="Being read" />;
  return (
    <section aria-label="Deployment of the edge certificate" className="tcm-block">
      <Outcome certificate={certificate.data} />
      <NetworkBar network="STAGING" progress={certificate.data.staging} />
      <NetworkBar network="PRODUCTION" progress={certificate.data.production} />
      {nodes.data !== undefined && <Nodes nodes={bindingNodes(nodes.data.edgeNodes, edgeCertificateId)} />}
    </section>
  );
}

function isUnderWay(certificate: EdgeCertificateView | undefined): boolean {
  return certificate !== undefined && [certificate.staging, certificate.production].some(isWaitedFor);
}

function isComplete(certificate: EdgeCertificateView | undefined): boolean {
  return certificate?.staging.status === "COMPLETE" && certificate.production.status === "COMPLETE";
}

function isWaitedFor({ status }: EdgeCertificateView["staging"]): boolean {
  return status === "IN_PROGRESS";
}

function Outcome({ certificate }: { readonly certificate: EdgeCertificateView }) {
  const { staging, production, hostnames, clientAuthentication } = certificate;
  const isDone = isComplete(certificate);
  const what = `${hostnames[0] ?? ""}${hostnames.length > 1 ? ` and ${hostnames.length - 1} more` : ""}`;
  if (isDone)
    return (
      <Alert
        variant="success"
        isInline
        isLiveRegion
        component="p"
        className="tcm-block"
        title={`${what}: ${hostnames.length > 1 ? "their" : "its"} clients are held to ${clientAuthentication.caSetName}, and every edge node has shown it.`}
      />
    );
  const isRejected = staging.status === "REJECTED" || production.status === "REJECTED";
  if (!isRejected)
    return <p role="status">{`${what} ${hostnames.length > 1 ? "are" : "is"} being deployed to both networks.`}</p>;
  return (
    <Alert
      variant="danger"
      isInline
      isLiveRegion
      component="p"
      className="tcm-block"
      title="An edge node rejected it, and keeps what it had."
    />
  );
}

const bars = { IN_PROGRESS: undefined, COMPLETE: ProgressVariant.success, REJECTED: ProgressVariant.danger } as const;

type BarProps = { readonly network: "STAGING" | "PRODUCTION"; readonly progress: EdgeCertificateView["staging"] };

function NetworkBar({ network, progress }: BarProps) {
  const variant = bars[progress.status];
  return (
    <Progress
      title={networkName[network]}
      aria-label={`${networkName[network]} deployment`}
      value={progress.percentComplete}
      label={`${progress.percentComplete} %`}
      helperText={progress.status === "IN_PROGRESS" ? undefined : progressText(progress)}
      {...(variant !== undefined && { variant })}
    />
  );
}

function Nodes({ nodes }: { readonly nodes: readonly BindingNode[] }) {
  if (nodes.length === 0) return <p className="tcm-faint">No edge node is enrolled that could serve it.</p>;
  const behind = nodes.filter(({ state }) => state !== "serves").length;
  return (
    <>
      <p className="tcm-faint">{`${nodes.length - behind} of ${plural(nodes.length, "edge node")} serve it.`}</p>
      <BindingNodesTable nodes={nodes} />
    </>
  );
}
