import { Button, Card, CardBody, CardFooter, CardTitle, Gallery } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { TryIt } from "../deployment/try-it-later.tsx";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";
import { rollbackTarget } from "./rollback-target.ts";
import { Withdraw } from "./withdraw.tsx";

/** What runs on each network, and the way back. */
export function NetworkCards({ set }: { readonly set: CaSetView }) {
  return (
    <Gallery hasGutter className="tcm-network-cards tcm-block">
      <NetworkCard set={set} network="STAGING" active={set.stagingVersion} />
      <NetworkCard set={set} network="PRODUCTION" active={set.productionVersion} />
    </Gallery>
  );
}

type Props = { readonly set: CaSetView; readonly network: Network; readonly active: number | null };

function NetworkCard({ set: { caSetId }, network, active }: Props) {
  const navigate = useNavigate();
  const mayDeploy = useMay(network === "STAGING" ? "deploy-staging" : "deploy-production");
  const { data } = useQuery(read("listSetActivations", { params: { caSetId } }));
  const running = data?.activations.find((one) => one.network === network && one.activationStatus === "IN_PROGRESS");
  const earlier = rollbackTarget(data?.activations ?? [], network, active);
  return (
    <Card isCompact>
      <CardTitle component="h2">{networkName[network]}</CardTitle>
      <CardBody>
        {active === null ? (
          <span className="tcm-faint">not deployed</span>
        ) : (
          <Link to="/ca-sets/$caSetId/versions/$version" params={{ caSetId, version: String(active) }}>
            {`version ${active}`}
          </Link>
        )}
        {running !== undefined && (
          <p>
            <Link
              to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
              params={{ caSetId, version: String(running.version), activationId: String(running.activationId) }}
            >
              {`Version ${running.version} is on its way: ${running.percentComplete} %`}
            </Link>
          </p>
        )}
        {active !== null && <TryIt caSetId={caSetId} network={network} isOpen={false} />}
      </CardBody>
      {mayDeploy && active !== null && (
        <CardFooter className="tcm-actions">
          {earlier !== undefined && (
            <Button
              variant="secondary"
              size="sm"
              onClick={() =>
                void navigate({
                  to: "/ca-sets/$caSetId/versions/$version/deploy",
                  params: { caSetId, version: String(earlier) },
                  search: { networks: network },
                })
              }
            >
              {`Roll back to version ${earlier}`}
            </Button>
          )}
          {running === undefined && <Withdraw caSetId={caSetId} version={active} network={network} />}
        </CardFooter>
      )}
    </Card>
  );
}
