import { Label } from "@patternfly/react-core";
import type { VersionView } from "@tcm/api-contract";

/** The networks that serve a version. */
export function RunsOn({ version }: { readonly version: VersionView }) {
  if (version.caSetVersionStatus === "DELETED") return <Label isCompact>deleted</Label>;
  if (version.stagingStatus === "INACTIVE" && version.productionStatus === "INACTIVE")
    return <span className="tcm-faint">on no network</span>;
  return (
    <span className="tcm-labels">
      {version.stagingStatus === "ACTIVE" && (
        <Label color="blue" isCompact>
          Staging
        </Label>
      )}
      {version.productionStatus === "ACTIVE" && (
        <Label color="green" isCompact>
          Production
        </Label>
      )}
    </span>
  );
}
