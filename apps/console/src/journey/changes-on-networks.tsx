import type { Network } from "@tcm/core";
import { useQuery } from "@tanstack/react-query";
import { ChangeOnNetwork } from "../deployment/change-on-network.tsx";
import { networkName } from "../text/network-name.ts";
import type { Draft } from "./draft.ts";
import { draftChanges } from "./draft-changes.ts";
import { FailureAlert } from "./failure-alert.tsx";
import type { JourneyStart } from "./journey-state.ts";

type Props = { readonly start: JourneyStart; readonly draft: Draft };

/** What deploying the draft would change where the set runs, before it is saved. */
export function ChangesOnNetworks({ start: { active, target }, draft }: Props) {
  if (target.kind === "new-set") return null;
  const { caSetId } = target;
  if (active.STAGING === null && active.PRODUCTION === null)
    return <p className="tcm-faint">No network runs this set yet: deploying this takes nothing away from anybody.</p>;
  return (["STAGING", "PRODUCTION"] as const).map((network) => {
    const against = active[network];
    const title = `What it would change on ${networkName[network].toLowerCase()}`;
    return (
      <section key={network} aria-label={title} className="tcm-section">
        <h3 className="tcm-subheading">{title}</h3>
        {against === null ? (
          <p className="tcm-faint">Nothing of this set is there yet.</p>
        ) : (
          <Change caSetId={caSetId} network={network} against={against} draft={draft} />
        )}
      </section>
    );
  });
}

type ChangeProps = {
  readonly caSetId: string;
  readonly network: Network;
  readonly against: number;
  readonly draft: Draft;
};

function Change({ caSetId, network, against, draft }: ChangeProps) {
  const { data, error } = useQuery(draftChanges({ caSetId, against, draft }));
  if (error !== null) return <FailureAlert error={error} doing="validating" />;
  if (data?.changes === undefined)
    return <p role="status">{`Being compared with version ${against}, which runs there.`}</p>;
  return <ChangeOnNetwork caSetId={caSetId} network={network} against={against} changes={data.changes} />;
}
