import { List, ListItem } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import { networkName } from "../text/network-name.ts";
import type { Obstacle } from "./deletion-refusal.ts";

type Props = { readonly caSetId: string; readonly obstacles: readonly Obstacle[]; readonly onGo: () => void };

/** What has to go first, with the way there. */
export function Obstacles({ caSetId, obstacles, onGo }: Props) {
  if (obstacles.length === 0) return null;
  return (
    <>
      <p className="tcm-result">In the way:</p>
      <List aria-label="In the way">
        {obstacles.map((one) => (
          <ListItem key={JSON.stringify(one)} onClick={onGo}>
            <ObstacleLink caSetId={caSetId} obstacle={one} />
          </ListItem>
        ))}
      </List>
    </>
  );
}

type LinkProps = { readonly caSetId: string; readonly obstacle: Obstacle };

function ObstacleLink({ caSetId, obstacle }: LinkProps) {
  switch (obstacle.kind) {
    case "edge-certificate":
      return (
        <Link to="/ca-sets/$caSetId" params={{ caSetId }} search={{ tab: "associations" }} className="tcm-name">
          {`Edge certificate ${obstacle.id}: ${obstacle.name}`}
        </Link>
      );
    case "version":
      return (
        <Link to="/ca-sets/$caSetId/versions/$version" params={{ caSetId, version: String(obstacle.version) }}>
          {`Version ${obstacle.version} on ${networkName[obstacle.network]}`}
        </Link>
      );
    case "deployment":
      return (
        <Link
          to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
          params={{ caSetId, version: String(obstacle.version), activationId: String(obstacle.activationId) }}
        >
          {`The deployment of version ${obstacle.version} on ${networkName[obstacle.network]}`}
        </Link>
      );
  }
}
