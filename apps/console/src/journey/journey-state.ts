import type { VersionView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { changeDraft, type Draft, type DraftChange, isChanged } from "./draft.ts";
import { type Strategy, usualStrategy } from "./strategy.ts";

export type Step = "name" | "certificates" | "review" | "location" | "progress";

/** What saving makes, or changes. */
export type Target =
  | { readonly kind: "new-set" }
  | { readonly kind: "new-version"; readonly caSetId: string }
  | { readonly kind: "edit"; readonly caSetId: string; readonly version: number; readonly etag: string };

/** A version as it was saved. */
export type Saved = {
  readonly caSetId: string;
  readonly version: number;
  /** As it was saved or looked at: what was changed since is not deployed. Undefined: that is not known. */
  readonly etag?: string | undefined;
};

export type JourneyStart = {
  readonly draft: Draft;
  readonly caSetName: string;
  readonly target: Target;
  /** What the version will be numbered, as far as one can know. */
  readonly version: number;
  /** What each network runs of the set now. */
  readonly active: Readonly<Record<Network, number | null>>;
  readonly takenNames: ReadonlySet<string>;
  /** The version as it was when its editing began. */
  readonly base?: VersionView;
};

export type JourneyState = {
  readonly step: Step;
  readonly caSetName: string;
  readonly draft: Draft;
  readonly target: Target;
  readonly saved: Saved | undefined;
  readonly networks: readonly Network[];
  readonly strategy: Strategy;
  /** Nothing waits for this page any more. */
  readonly isOver: boolean;
};

export type JourneyChange =
  | { readonly type: "draft"; readonly change: DraftChange }
  | { readonly type: "name"; readonly caSetName: string }
  | { readonly type: "go"; readonly step: Step }
  | { readonly type: "aim"; readonly target: Target }
  | { readonly type: "restart"; readonly draft: Draft; readonly target: Target }
  | { readonly type: "saved"; readonly saved: Saved; readonly networks: readonly Network[] }
  | { readonly type: "strategy"; readonly strategy: Strategy }
  | { readonly type: "over"; readonly isOver: boolean };

export function beginJourney({ draft, caSetName, target }: JourneyStart): JourneyState {
  const step = target.kind === "new-set" ? "name" : "certificates";
  return { step, caSetName, draft, target, saved: undefined, networks: [], strategy: usualStrategy, isOver: false };
}

/** The journey after one change. Pure. */
export function changeJourney(state: JourneyState, change: JourneyChange): JourneyState {
  switch (change.type) {
    case "draft":
      return { ...state, draft: changeDraft(state.draft, change.change) };
    case "name":
      return { ...state, caSetName: change.caSetName, step: "certificates" };
    case "go":
      return { ...state, step: change.step };
    case "aim":
      return { ...state, target: change.target };
    case "restart":
      return { ...state, draft: change.draft, target: change.target, step: "certificates" };
    case "saved": {
      const { saved, networks } = change;
      const isOver = networks.length === 0;
      return { ...state, saved, networks, isOver, step: isOver ? state.step : "progress" };
    }
    case "strategy":
      return { ...state, strategy: change.strategy };
    case "over":
      return { ...state, isOver: change.isOver };
  }
}

/** The steps of a journey, in order. */
export function stepsOf({ kind }: Target): readonly Step[] {
  const steps = ["certificates", "review", "location", "progress"] as const;
  return kind === "new-set" ? ["name", ...steps] : steps;
}

/** What leaving would lose; undefined: nothing. */
export function lossOf(start: JourneyStart, state: JourneyState): string | undefined {
  const { saved, networks, isOver, target, caSetName } = state;
  if (saved !== undefined)
    return isOver || networks.length < 2
      ? undefined
      : "Production begins from this page, when staging is complete. The version is saved; leaving means that you deploy it to production later.";
  if (start.target.kind === "new-set" && target.kind !== "new-set")
    return `The set ${caSetName} is made, and its first version is not saved yet. Leaving discards the certificates.`;
  return isChanged(start.draft, state.draft) || caSetName !== start.caSetName
    ? "What was handed in here is written nowhere yet. Leaving discards it."
    : undefined;
}
