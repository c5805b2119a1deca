import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Network } from "@tcm/core";
import type { Dispatch } from "react";
import type { Draft } from "./draft.ts";
import type { JourneyChange, JourneyState, Saved, Target } from "./journey-state.ts";
import { saveDraft, type SaveOutcome } from "./save-draft.ts";

export type Saving = {
  /** No networks: saved without being deployed. */
  readonly save: (networks: readonly Network[]) => void;
  /** As the next version of a set that is there. */
  readonly saveInto: (caSetId: string) => void;
  /** Over what somebody else saved in the meantime. */
  readonly saveOver: (etag: string) => void;
  /** Goes on with what is saved already. */
  readonly adopt: (saved: Saved) => void;
  readonly restart: (draft: Draft, etag: string) => void;
  readonly rename: () => void;
  /** What came of the last attempt belongs to what was then. */
  readonly forget: () => void;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly outcome: SaveOutcome | undefined;
};

type Order = { readonly networks: readonly Network[]; readonly target: Target };

/** The one place of the journey that writes. */
export function useSaving(state: JourneyState, dispatch: Dispatch<JourneyChange>): Saving {
  const queries = useQueryClient();
  const { draft, caSetName, target } = state;
  const aim = (next: Target): void => dispatch({ type: "aim", target: next });
  const saving = useMutation({
    // Never later by itself: somebody who has lost the network decides again when it is back.
    networkMode: "always",
    mutationFn: (order: Order) =>
      saveDraft({ draft, caSetName, target: order.target }, (caSetId) => aim({ kind: "new-version", caSetId })),
    onSuccess: async (outcome, { networks }) => {
      if (outcome.kind !== "saved") return;
      await queries.invalidateQueries();
      dispatch({ type: "saved", saved: outcome.saved, networks });
    },
  });
  const networks = saving.variables?.networks ?? [];
  const saveTo = (next: Target): void => {
    aim(next);
    saving.mutate({ networks, target: next });
  };
  return {
    save: (chosen) => saving.mutate({ networks: chosen, target }),
    saveInto: (caSetId) => saveTo({ kind: "new-version", caSetId }),
    saveOver: (etag) => {
      if (target.kind === "edit") saveTo({ ...target, etag });
    },
    adopt: (saved) => {
      void queries.invalidateQueries();
      dispatch({ type: "saved", saved, networks });
    },
    restart: (theirs, etag) => {
      saving.reset();
      if (target.kind === "edit") dispatch({ type: "restart", draft: theirs, target: { ...target, etag } });
    },
    rename: () => {
      saving.reset();
      dispatch({ type: "go", step: "name" });
    },
    forget: saving.reset,
    isPending: saving.isPending,
    error: saving.error,
    outcome: saving.data,
  };
}
