import { Alert, AlertActionLink } from "@patternfly/react-core";
import { useNavigate } from "@tanstack/react-router";
import type { Network } from "@tcm/core";
import type { Saved } from "./journey-state.ts";

type Props = {
  readonly saved: Saved;
  readonly network: Network;
  /** Undefined: the page on which a version is looked at and deployed is gone to. */
  readonly onLookAgain?: () => void;
};

/** What would have been deployed is not what the person saw. */
export function ChangedMeanwhile({ saved: { caSetId, version }, network, onLookAgain }: Props) {
  const navigate = useNavigate();
  const goThere = (): void =>
    void navigate({
      to: "/ca-sets/$caSetId/versions/$version/deploy",
      params: { caSetId, version: String(version) },
      search: { networks: network },
    });
  return (
    <Alert
      variant="warning"
      isInline
      isLiveRegion
      component="h3"
      title={`Version ${version} was changed since you looked at it`}
      actionLinks={<AlertActionLink onClick={onLookAgain ?? goThere}>Look at it again</AlertActionLink>}
    >
      Nothing was deployed. Look at what would be deployed now, and decide again.
    </Alert>
  );
}
