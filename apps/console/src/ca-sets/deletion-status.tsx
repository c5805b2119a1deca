import { Alert, Progress, ProgressVariant } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import { ApiProblem } from "@tcm/api-contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { read } from "../api/queries.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { type Deletion, deletionText, deletionTitle, mayHaveDeletion } from "./deletion-text.ts";

/** Nodes that report raise no event of their own. */
const readAgainMs = 2_000;

const variants = { IN_PROGRESS: "info", COMPLETE: "success", FAILED: "danger" } as const;

/** How far the deletion of a set has come, network by network; nothing where nobody asked for one. */
export function DeletionStatus({ set }: { readonly set: CaSetView }) {
  if (!mayHaveDeletion(set)) return null;
  return <Asked set={set} />;
}

function Asked({ set: { caSetId, caSetStatus, removalDate } }: { readonly set: CaSetView }) {
  const { data, error } = useQuery({
    ...read("getDeletionStatus", { params: { caSetId } }),
    refetchInterval: ({ state }) => (state.data?.status === "IN_PROGRESS" ? readAgainMs : false),
  });
  useReadAgain(data?.status !== undefined && data.status !== "IN_PROGRESS" && caSetStatus === "DELETING");
  if (error instanceof ApiProblem && error.code === "no-active-cert-deletions") return null;
  if (error !== null) return <ProblemAlert error={error} live={false} />;
  if (data === undefined) return null;
  const { status, deletions, startTime, endTime } = data;
  return (
    <Alert
      variant={variants[status]}
      isInline
      isLiveRegion
      component="h2"
      className="tcm-block"
      title={deletionTitle(data)}
    >
      <p>
        Begun <Time iso={startTime} />
        {endTime !== null && (
          <>
            , ended <Time iso={endTime} />
          </>
        )}
        .
      </p>
      <div className="tcm-deletions">
        {deletions.map((one) => (
          <NetworkDeletion key={one.network} deletion={one} />
        ))}
      </div>
      {status === "FAILED" && <p>Mend or drain the nodes that are named, and delete the set again.</p>}
      {removalDate !== null && (
        <p>
          Its record is kept until <Time iso={removalDate} />.
        </p>
      )}
    </Alert>
  );
}

const bars = { IN_PROGRESS: undefined, COMPLETE: ProgressVariant.success, FAILED: ProgressVariant.danger } as const;

function NetworkDeletion({ deletion }: { readonly deletion: Deletion }) {
  const { network, status, percentComplete } = deletion;
  const variant = bars[status];
  return (
    <Progress
      title={networkName[network]}
      value={percentComplete}
      label={`${percentComplete} %`}
      helperText={deletionText(deletion)}
      {...(variant !== undefined && { variant })}
    />
  );
}

/** The set itself is another one once its deletion has ended. */
function useReadAgain(hasEnded: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (hasEnded) void queries.invalidateQueries();
  }, [hasEnded, queries]);
}
