import { Alert, Button } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PagePending } from "../frame/page-pending.tsx";
import { isUpgraded } from "../frame/upgrade.ts";
import { beginWindow } from "../text/fetch-window.ts";
import type { DraftCertificate } from "./draft.ts";
import { UpgradedMeanwhile } from "./upgraded-meanwhile.tsx";
import type * as Parts from "./work-parts.ts";

type WorkParts = typeof Parts;

/** Stays when all that was read is forgotten, as when another person signs in: a step under way goes on. */
let fetched: WorkParts | undefined;

/** The server has another console by now, and the part of this one no more. */
class PartIsGone extends Error {}

async function fetchParts(): Promise<WorkParts> {
  beginWindow();
  try {
    fetched = await import("./work-parts.ts");
    return fetched;
  } catch (error) {
    throw (await isUpgraded()) ? new PartIsGone("the console was upgraded", { cause: error }) : error;
  }
}

/**
 * The script of what comes after the first certificate: fetched as soon as the journey is there, so that an upgrade in the middle of it finds
 * it fetched. Asked for again when the network is back, and when the person says so.
 */
export function useWorkParts() {
  return useQuery({
    queryKey: ["script of the journey"],
    queryFn: fetchParts,
    initialData: () => fetched,
    retry: false,
    staleTime: "static",
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

type Props = {
  /** What it is, for who cannot have it yet. */
  readonly what: string;
  /** What would be lost. */
  readonly certificates: readonly DraftCertificate[];
  readonly onBack?: () => void;
  readonly children: (parts: WorkParts) => ReactNode;
};

/** A part that is fetched later. What cannot be fetched is said and tried again, and the work stays on the page. */
export function WorkPart({ what, certificates, onBack, children }: Props) {
  const { data, error, isFetching, refetch } = useWorkParts();
  if (data !== undefined) return children(data);
  if (isFetching) return <PagePending />;
  if (error instanceof PartIsGone) return <UpgradedMeanwhile {...{ what, certificates, onBack }} />;
  return (
    <>
      <Alert variant="warning" isInline isLiveRegion component="p" title={`${what} could not be loaded`}>
        Your work is kept on this page: do not reload it. Try again when the network is back.
      </Alert>
      <div className="tcm-actions">
        <Button onClick={() => void refetch()}>Try again</Button>
        {onBack !== undefined && (
          <Button variant="link" onClick={onBack}>
            Back
          </Button>
        )}
      </div>
    </>
  );
}
