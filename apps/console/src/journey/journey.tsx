import { PageSection, Split, SplitItem } from "@patternfly/react-core";
import { Navigate, useLocation, useNavigate } from "@tanstack/react-router";
import { type Dispatch, type ReactNode, useCallback, useEffect, useReducer, useState } from "react";
import { usePageTitle } from "../frame/use-page-title.ts";
import { CertificatesStep } from "./certificates-step.tsx";
import type { DraftChange } from "./draft.ts";
import { JourneySide } from "./journey-side.tsx";
import {
  beginJourney,
  changeJourney,
  type JourneyChange,
  type JourneyStart,
  type JourneyState,
  lossOf,
  stepsOf,
} from "./journey-state.ts";
import { journeyHeading, journeyTitle } from "./journey-title.ts";
import { LeaveWarning } from "./leave-warning.tsx";
import { NameStep } from "./name-step.tsx";
import { OfflineNotice } from "./offline-notice.tsx";
import { StepList } from "./step-list.tsx";
import { useJudging } from "./use-judging.ts";
import { useSaving } from "./use-saving.ts";
import { useWorkParts, WorkPart } from "./work-part.tsx";

type Props = {
  readonly start: JourneyStart;
  /** What the person has to know while they work. */
  readonly notice?: ReactNode;
};

/** From a name to a deployed version. Who comes back to one that has saved its version finds the set, and not the first step of another. */
export function Journey(props: Props) {
  const { saved } = useLocation({ select: ({ state }) => state });
  const [caSetId] = useState(saved?.caSetId);
  if (caSetId !== undefined) return <Navigate to="/ca-sets/$caSetId" params={{ caSetId }} replace />;
  return <Steps {...props} />;
}

/** Nothing is written before Save or Deploy. */
function Steps({ start: given, notice }: Props) {
  const [begun] = useState(given);
  // What others do in the meantime is seen; what the work began with stays.
  const start = { ...begun, active: given.active, takenNames: given.takenNames };
  const [state, dispatch] = useReducer(changeJourney, start, beginJourney);
  const loss = lossOf(start, state);
  usePageTitle(journeyTitle(start, state));
  useLeavingWhenSaved(start, state);
  useWorkParts();
  return (
    <PageSection>
      <LeaveWarning isDirty={() => loss !== undefined} what={loss ?? ""} />
      <h1 className="tcm-title">{journeyHeading(start)}</h1>
      <StepList steps={stepsOf(start.target)} current={state.step} />
      <Split hasGutter isWrappable className="tcm-journey">
        <SplitItem className="tcm-side">
          <JourneySide state={state} version={start.version} onRename={() => dispatch({ type: "go", step: "name" })} />
        </SplitItem>
        <SplitItem isFilled className="tcm-work">
          <OfflineNotice />
          {state.saved === undefined && notice}
          <CurrentStep start={start} state={state} dispatch={dispatch} />
        </SplitItem>
      </Split>
    </PageSection>
  );
}

/** What was saved without being deployed is looked at where it lies; a deployment is followed here, and this place in the history leads to its set. */
function useLeavingWhenSaved({ target }: JourneyStart, { saved, networks }: JourneyState): void {
  const navigate = useNavigate();
  const isFollowed = networks.length > 0;
  useEffect(() => {
    if (saved === undefined) return;
    const { caSetId, version } = saved;
    const here = { replace: true, ignoreBlocker: true, resetScroll: false } as const;
    if (isFollowed) void navigate({ to: ".", search: true, state: { saved: { caSetId } }, ...here });
    else if (target.kind === "edit")
      void navigate({
        to: "/ca-sets/$caSetId/versions/$version",
        params: { caSetId, version: String(version) },
        replace: true,
      });
    else void navigate({ to: "/ca-sets/$caSetId", params: { caSetId }, replace: true });
  }, [isFollowed, saved, target, navigate]);
}

type StepProps = {
  readonly start: JourneyStart;
  readonly state: JourneyState;
  readonly dispatch: Dispatch<JourneyChange>;
};

function CurrentStep({ start, state, dispatch }: StepProps) {
  const change = useCallback((one: DraftChange) => dispatch({ type: "draft", change: one }), [dispatch]);
  const judging = useJudging(state.draft, change);
  const saving = useSaving(state, dispatch);
  const go = (step: JourneyState["step"]): void => {
    saving.forget();
    dispatch({ type: "go", step });
  };
  const cancel = useCancel(state);
  switch (state.step) {
    case "name":
      return (
        <NameStep
          name={state.caSetName}
          takenNames={start.takenNames}
          onNext={(caSetName) => dispatch({ type: "name", caSetName })}
          onCancel={cancel}
        />
      );
    case "certificates":
      return (
        <CertificatesStep
          draft={state.draft}
          judging={judging}
          onChange={change}
          onNext={() => go("review")}
          onCancel={cancel}
        />
      );
    default:
      return (
        <WorkPart what="The next step" certificates={state.draft.certificates} onBack={() => go("certificates")}>
          {({ LaterStep }) => (
            <LaterStep
              start={start}
              state={state}
              dispatch={dispatch}
              saving={saving}
              onChange={change}
              onGo={go}
              onCancel={cancel}
            />
          )}
        </WorkPart>
      );
  }
}

/** Leads to where one would have begun. */
function useCancel({ target }: JourneyState): () => void {
  const navigate = useNavigate();
  return () =>
    void (target.kind === "new-set"
      ? navigate({ to: "/ca-sets" })
      : navigate({ to: "/ca-sets/$caSetId", params: { caSetId: target.caSetId } }));
}
