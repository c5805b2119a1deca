import { type Dispatch, useCallback } from "react";
import type { DraftChange } from "./draft.ts";
import type { JourneyChange, JourneyStart, JourneyState } from "./journey-state.ts";
import { LocationStep } from "./location-step.tsx";
import { ProgressStep } from "./progress-step.tsx";
import { ReviewStep } from "./review-step.tsx";
import { SaveOutcomeView } from "./save-outcome.tsx";
import { StepHead } from "./step-head.tsx";
import type { Saving } from "./use-saving.ts";

export type LaterStepProps = {
  readonly start: JourneyStart;
  readonly state: JourneyState;
  readonly dispatch: Dispatch<JourneyChange>;
  readonly saving: Saving;
  readonly onChange: (change: DraftChange) => void;
  readonly onGo: (step: JourneyState["step"]) => void;
  readonly onCancel: () => void;
};

/** What comes after the certificates: the last look, where the version goes, and how it gets there. */
export function LaterStep({ start, state, dispatch, saving, onChange, onGo, onCancel }: LaterStepProps) {
  const step = {
    start,
    state,
    isBusy: saving.isPending,
    outcome: <SaveOutcomeView start={start} state={state} saving={saving} />,
    isAsked: saving.outcome !== undefined && saving.outcome.kind !== "saved",
    onCancel,
  };
  if (state.step === "progress") return <Progress state={state} dispatch={dispatch} />;
  return state.step === "location" ? (
    <LocationStep
      {...step}
      onStrategy={(strategy) => dispatch({ type: "strategy", strategy })}
      onSave={saving.save}
      onBack={() => onGo("review")}
    />
  ) : (
    <ReviewStep
      {...step}
      onChange={onChange}
      onSave={() => saving.save([])}
      onNext={() => onGo("location")}
      onBack={() => onGo("certificates")}
    />
  );
}

function Progress({ state: { saved, networks, strategy }, dispatch }: Pick<LaterStepProps, "state" | "dispatch">) {
  const onEnded = useCallback(() => dispatch({ type: "over", isOver: true }), [dispatch]);
  const onWaiting = useCallback(() => dispatch({ type: "over", isOver: false }), [dispatch]);
  if (saved === undefined) return null;
  return (
    <>
      <StepHead title="Deployment" />
      <ProgressStep saved={saved} networks={networks} strategy={strategy} onEnded={onEnded} onWaiting={onWaiting} />
    </>
  );
}
