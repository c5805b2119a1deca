import type { VersionDiffView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { VersionDiff } from "../versions/version-diff.tsx";
import { WhoWouldBreak } from "./who-would-break.tsx";

type Props = {
  readonly caSetId: string;
  readonly network: Network;
  /** The version that runs there. */
  readonly against: number;
  readonly changes: Pick<VersionDiffView, "added" | "removed" | "keptCount" | "options" | "effect">;
};

/** What a deployment changes where the set runs: first whom it cuts off, then what comes and goes. */
export function ChangeOnNetwork({ caSetId, network, against, changes }: Props) {
  const { effect } = changes;
  return (
    <div className="tcm-work">
      <p className="tcm-faint">{`Version ${against} is there now.`}</p>
      <WhoWouldBreak diff={{ caSetId, effect }} network={network} />
      <VersionDiff diff={{ ...changes, stillTrusted: effect.stillTrusted }} />
    </div>
  );
}
