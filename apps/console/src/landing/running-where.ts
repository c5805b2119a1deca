import type { CaSetView, OverviewView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";

/** A deployment that is under way; `withdraws`: of nothing. */
export type Next = {
  readonly version: number;
  readonly withdraws: boolean;
  readonly percent: number;
  readonly activationId: number;
};

/** What a network has of a set. `next`: what is on its way there. */
export type Cell = {
  readonly version: number | null;
  readonly since?: string;
  readonly by?: string;
  readonly next?: Next;
};

export type SetRow = {
  readonly caSetId: string;
  readonly caSetName: string;
  readonly staging: Cell;
  readonly production: Cell;
};

/** Sets that a network has or is about to have, by name. Pure. */
export function runningWhere(
  sets: readonly CaSetView[],
  { inForce, lastActivations }: Pick<OverviewView, "inForce" | "lastActivations">,
): readonly SetRow[] {
  const known = new Map(inForce.map((one) => [`${one.caSetId} ${one.network}`, one]));
  const running = new Map(
    lastActivations
      .filter(({ activationStatus }) => activationStatus === "IN_PROGRESS")
      .map((one) => [`${one.caSetId} ${one.network}`, one]),
  );
  const cell = (caSetId: string, network: Network, version: number | null): Cell => {
    const here = known.get(`${caSetId} ${network}`);
    const next = running.get(`${caSetId} ${network}`);
    return {
      version,
      ...(version !== null && here && { since: here.activatedDate, by: here.activatedBy }),
      ...(next && {
        next: {
          version: next.version,
          withdraws: next.activationType === "DEACTIVATE",
          percent: next.percentComplete,
          activationId: next.activationId,
        },
      }),
    };
  };
  return sets
    .map(({ caSetId, caSetName, stagingVersion, productionVersion }) => ({
      caSetId,
      caSetName,
      staging: cell(caSetId, "STAGING", stagingVersion),
      production: cell(caSetId, "PRODUCTION", productionVersion),
    }))
    .filter(({ staging, production }) => [staging, production].some((one) => one.version !== null || one.next))
    .toSorted((a, b) => compare(a.caSetName, b.caSetName));
}

const { compare } = new Intl.Collator("en", { numeric: true });
