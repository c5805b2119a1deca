import { Button, Form, FormGroup, TextInput } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { CertificatesTable } from "../structure/certificates-table.tsx";
import { Shortened } from "../text/shortened.tsx";
import { plural } from "../text/time-text.ts";
import { optionWords } from "../versions/option-words.ts";
import { ChangesOnNetworks } from "./changes-on-networks.tsx";
import { contentOfDraft } from "./content.ts";
import type { DraftChange } from "./draft.ts";
import type { JourneyStart, JourneyState } from "./journey-state.ts";
import { StepHead } from "./step-head.tsx";
import { Remarks } from "./verdict-view.tsx";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  readonly start: JourneyStart;
  readonly state: JourneyState;
  readonly isBusy: boolean;
  /** What came of saving, when it did not go well. */
  readonly outcome: ReactNode;
  /** It waits for a decision, which is what comes next. */
  readonly isAsked: boolean;
  readonly onChange: (change: DraftChange) => void;
  readonly onSave: () => void;
  readonly onNext: () => void;
  readonly onBack: () => void;
  readonly onCancel: () => void;
};

/** The last look: exactly what will be saved, and what it would change where the set is deployed. */
export function ReviewStep(props: Props) {
  const { start, state, isBusy, outcome, isAsked, onChange, onSave, onNext, onBack, onCancel } = props;
  const { draft } = state;
  return (
    <>
      <StepHead title="Review" />
      <p>{`${writtenText(start, state)} This is what Save or Deploy will write.`}</p>
      <Remarks draft={draft} />
      <WhatIsSaved start={start} state={state} />
      <Form className="tcm-narrow" onSubmit={(event) => event.preventDefault()}>
        <FormGroup label="What this version is for" fieldId="description">
          <TextInput
            id="description"
            maxLength={255}
            value={draft.description}
            onChange={(_, description) => onChange({ type: "describe-version", description })}
          />
        </FormGroup>
      </Form>
      <ChangesOnNetworks start={start} draft={draft} />
      <h3 className="tcm-subheading">The certificates</h3>
      <Shortened items={contentOfDraft(draft).members} noun="certificate">
        {(shown) => <CertificatesTable certificates={shown} label="Certificates that will be saved" />}
      </Shortened>
      {outcome}
      <div className="tcm-actions tcm-step-actions">
        <Button variant={isAsked ? "secondary" : "primary"} isDisabled={isBusy} onClick={onNext}>
          Next: where to deploy
        </Button>
        <BusyButton variant="secondary" isBusy={isBusy} onClick={onSave}>
          Save without deploying
        </BusyButton>
        <Button variant="link" isDisabled={isBusy} onClick={onBack}>
          Back
        </Button>
        <Button variant="link" isDisabled={isBusy} onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </>
  );
}

/** An attempt may have made the set, and not its version. */
function writtenText({ target: begun }: JourneyStart, { target, caSetName }: JourneyState): string {
  return begun.kind === target.kind
    ? "Nothing is written yet."
    : `The set ${caSetName} is made, its version is not saved yet.`;
}

function WhatIsSaved({ start, state: { caSetName, target, draft } }: Pick<Props, "start" | "state">) {
  const { members } = contentOfDraft(draft);
  const roots = draft.verdict?.ok === true ? draft.verdict.response.trustChains.roots.length : 0;
  return (
    <dl className="tcm-facts" aria-label="What will be saved">
      <dt>Certificate set</dt>
      <dd className="tcm-name">{caSetName}</dd>
      <dt>Version</dt>
      <dd>{target.kind === "edit" ? `${target.version}, changed in place` : start.version}</dd>
      <dt>Path validation</dt>
      <dd>{optionWords(draft.options)}</dd>
      <dt>Trust anchors</dt>
      <dd>{`${plural(roots, "root")}, ${plural(members.length - roots, "intermediate")}`}</dd>
    </dl>
  );
}
