import type { Network } from "@tcm/core";
import { useQuery } from "@tanstack/react-query";
import { WhoWouldBreak } from "../deployment/who-would-break.tsx";
import { networkName } from "../text/network-name.ts";
import type { Draft } from "./draft.ts";
import { draftChanges } from "./draft-changes.ts";
import { FailureAlert } from "./failure-alert.tsx";
import type { JourneyStart } from "./journey-state.ts";

type Props = { readonly start: JourneyStart; readonly draft: Draft; readonly network: Network };

/** Who loses access on a network, once more where the button is that takes it. */
export function AccessChange({ start: { active, target }, draft, network }: Props) {
  const against = active[network];
  // Where nothing of the set is there yet, nobody has access that could be lost.
  if (target.kind === "new-set" || against === null) return null;
  return <Loss caSetId={target.caSetId} against={against} draft={draft} network={network} />;
}

type LossProps = Pick<Props, "draft" | "network"> & { readonly caSetId: string; readonly against: number };

function Loss({ caSetId, against, draft, network }: LossProps) {
  const name = networkName[network].toLowerCase();
  const { data, error } = useQuery(draftChanges({ caSetId, against, draft }));
  if (error !== null) return <FailureAlert error={error} doing="validating" />;
  return (
    <section aria-label={`Who loses access on ${name}`}>
      <h3 className="tcm-subheading">{`Who loses access on ${name}`}</h3>
      {data?.changes === undefined ? (
        <p role="status">{`Being compared with version ${against}, which runs there.`}</p>
      ) : (
        <WhoWouldBreak diff={{ caSetId, effect: data.changes.effect }} network={network} />
      )}
    </section>
  );
}
