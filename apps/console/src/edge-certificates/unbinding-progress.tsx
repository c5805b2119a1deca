import { Alert, Progress, ProgressVariant } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { BindingNodesTable } from "./binding-nodes-table.tsx";
import { unbindingNetworks, unbindingPercent } from "./unbinding.ts";

/** As fast as a binding is read again. */
const readAgainMs = 2_000;

export type Unbound = { readonly edgeCertificateId: number; readonly hostnames: readonly string[] };

/** What was unbound is a deployment too: live, until every edge node has shown that it serves the hostnames no more. */
export function UnbindingProgress({ edgeCertificateId, hostnames }: Unbound) {
  const { data, isFetchedAfterMount, error } = useQuery({
    ...read("listEdgeNodes", { query: { entries: `edge-certificate/${edgeCertificateId}` } }),
    refetchInterval: ({ state }) =>
      unbindingNetworks(state.data?.edgeNodes ?? [], edgeCertificateId).some(({ left }) => left.length > 0)
        ? readAgainMs
        : false,
    // What was read before it was unbound would say that all is done.
    refetchOnMount: "always",
  });
  const [first = ""] = hostnames;
  const what = hostnames.length > 1 ? `${first} and ${hostnames.length - 1} more are` : `${first} is`;
  if (error !== null) return <ProblemAlert error={error} live={false} />;
  if (data === undefined || !isFetchedAfterMount)
    return <Progress aria-label="Deployment" value={0} label="0 %" title="Being read" />;
  const networks = unbindingNetworks(data.edgeNodes, edgeCertificateId);
  const left = networks.flatMap((network) => network.left);
  return (
    <section aria-label="Deployment of what was unbound" className="tcm-work tcm-block">
      {left.length === 0 ? (
        <Alert
          variant="success"
          isInline
          isLiveRegion
          component="p"
          className="tcm-block"
          title={`${what} unbound, and every edge node has shown it.`}
        />
      ) : (
        <p role="status">{`${what} being unbound on both networks: ${plural(left.length, "edge node")} left.`}</p>
      )}
      {networks.map((one) => (
        <Progress
          key={one.network}
          title={networkName[one.network]}
          aria-label={`${networkName[one.network]} deployment`}
          value={unbindingPercent(one)}
          label={`${unbindingPercent(one)} %`}
          {...(one.left.length === 0 && { variant: ProgressVariant.success })}
        />
      ))}
      {left.length > 0 && <BindingNodesTable nodes={left} />}
    </section>
  );
}
