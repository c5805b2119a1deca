import { Alert, Button } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PagePending } from "../frame/page-pending.tsx";
import type * as Parts from "./work-parts.ts";

type WorkParts = typeof Parts;

/** Stays when all that was read is forgotten, as when another person signs in: a step under way goes on. */
let fetched: WorkParts | undefined;

async function fetchParts(): Promise<WorkParts> {
  fetched = await import("./work-parts.ts");
  return fetched;
}

/** The script of what comes after the first certificate. Asked for again when the network is back, and when the person says so. */
export function useWorkParts(isWanted: boolean) {
  return useQuery({
    queryKey: ["script of the journey"],
    queryFn: fetchParts,
    initialData: () => fetched,
    enabled: isWanted,
    retry: false,
    staleTime: "static",
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

type Props = {
  /** What it is, for who cannot have it yet. */
  readonly what: string;
  readonly onBack?: () => void;
  readonly children: (parts: WorkParts) => ReactNode;
};

/** A part that is fetched later. What cannot be fetched is said and tried again, and the work stays on the page. */
export function WorkPart({ what, onBack, children }: Props) {
  const { data, isFetching, refetch } = useWorkParts(true);
  if (data !== undefined) return children(data);
  if (isFetching) return <PagePending />;
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
