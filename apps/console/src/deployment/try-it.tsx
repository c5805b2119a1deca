import { ClipboardCopy } from "@patternfly/react-core";
import type { Network } from "@tcm/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { trialOf } from "./trial.ts";

type Props = { readonly caSetId: string; readonly network: Network; readonly isOpen: boolean };

/** How clients are tried with what a network serves, and what comes after that. */
export function TryIt({ caSetId, network, isOpen }: Props) {
  const nodes = useQuery(read("listEdgeNodes", { query: { entries: `ca-set/${caSetId}` } }));
  const mayAssociate = useMay("change-edges");
  const { hostname, command } = trialOf(caSetId, network, nodes.data?.edgeNodes ?? []);
  const where = networkName[network].toLowerCase();
  return (
    <details open={isOpen}>
      <summary>{`Try it on ${where}`}</summary>
      <div className="tcm-work">
        <p>
          {"Built-in edges answer the hostname "}
          <code className="tcm-name">{hostname}</code>
          {" by this set before any edge certificate is associated with it."}
        </p>
        {command === undefined ? (
          <p>
            {"Their addresses are among "}
            <Link to="/edge-nodes" search={{ network }}>{`the nodes of ${where}`}</Link>.
          </p>
        ) : (
          <>
            <ClipboardCopy isReadOnly isCode hoverTip="Copy" clickTip="Copied" textAriaLabel={`Try it on ${where}`}>
              {command}
            </ClipboardCopy>
            <p className="tcm-faint">
              Put your files in: the CA of the edge&apos;s own certificate, the client&apos;s certificate and its key.
            </p>
          </>
        )}
        <p className="tcm-actions">
          <Link to="/try" search={{ caSetId, network }}>
            Try a client certificate
          </Link>
          {mayAssociate && (
            <Link to="/ca-sets/$caSetId" params={{ caSetId }} search={{ tab: "associations" }}>
              Associate an edge certificate
            </Link>
          )}
        </p>
      </div>
    </details>
  );
}
