import { Alert } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { CaSetView } from "@tcm/api-contract";
import { missingNetworks, versionToDeploy } from "../edge-certificates/missing-networks.ts";
import { useMay } from "../session/session-query.ts";
import { networkName } from "../text/network-name.ts";

/** Why the set cannot be used yet, and what would let it. */
export function BothNetworksRule({ set }: { readonly set: CaSetView }) {
  const missing = missingNetworks(set);
  const version = versionToDeploy(set);
  const may = { STAGING: useMay("deploy-staging"), PRODUCTION: useMay("deploy-production") };
  return (
    <Alert
      variant="info"
      isInline
      component="h2"
      className="tcm-block"
      title={`Not on ${missing.map((network) => networkName[network].toLowerCase()).join(", and not on ")}`}
    >
      <p>
        An edge certificate is served on both networks, so that its clients can be tried on staging before production
        asks for the same. The set must be on both before it can be used.
      </p>
      {version === undefined && <p>It has no version yet: upload certificates first.</p>}
      {version !== undefined &&
        missing
          .filter((network) => may[network])
          .map((network) => (
            <p key={network}>
              <Link
                to="/ca-sets/$caSetId/versions/$version/deploy"
                params={{ caSetId: set.caSetId, version: String(version) }}
                search={{ networks: network }}
              >
                {`Deploy version ${version} to ${networkName[network].toLowerCase()}`}
              </Link>
            </p>
          ))}
    </Alert>
  );
}
