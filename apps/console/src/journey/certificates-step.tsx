import { Button } from "@patternfly/react-core";
import { useEffect, useState } from "react";
import { plural } from "../text/time-text.ts";
import { changeDraft, type Draft, type DraftChange, isAccepted, writtenCount } from "./draft.ts";
import { FailureAlert } from "./failure-alert.tsx";
import { OptionsForm } from "./options-form.tsx";
import { pastedText, readHandedIn } from "./read-files.ts";
import { StepHead } from "./step-head.tsx";
import { UploadForm } from "./upload-form.tsx";
import type { Judging } from "./use-judging.ts";
import { VerdictView } from "./verdict-view.tsx";
import { WorkPart } from "./work-part.tsx";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  readonly draft: Draft;
  readonly judging: Judging;
  readonly onChange: (change: DraftChange) => void;
  readonly onNext: () => void;
  readonly onCancel: () => void;
};

/** Certificates come in, are described and taken out again, and the server says what it thinks of them. */
export function CertificatesStep({ draft, judging, onChange, onNext, onCancel }: Props) {
  const [pasted, setPasted] = useState("");
  const [isAdding, setAdding] = useState(draft.certificates.length === 0);
  const isReady = isAccepted(draft);
  // What is good needs no more room; the button above brings the form back.
  useEffect(() => {
    if (isReady) setAdding(false);
  }, [isReady]);
  const add = (...handedIn: Parameters<typeof readHandedIn>): void =>
    onChange({ type: "add", ...readHandedIn(...handedIn) });
  /** What is still in the field belongs to it: who pastes and validates means that. */
  const validate = (): void => {
    if (pasted.trim() === "") return judging.judge(draft);
    const change = { type: "add", ...readHandedIn([pastedText(pasted)]) } as const;
    onChange(change);
    setPasted("");
    const next = changeDraft(draft, change);
    if (next.certificates.length > 0) judging.judge(next);
  };
  return (
    <>
      <StepHead title="Certificates">
        {!isAdding && (
          <Button variant="secondary" onClick={() => setAdding(true)}>
            Upload Certificates
          </Button>
        )}
      </StepHead>
      {isAdding && <UploadForm pasted={pasted} onPasted={setPasted} onFiles={add} />}
      <VerdictView draft={draft} onChange={onChange} />
      {judging.error !== null && <FailureAlert error={judging.error} doing="validating" />}
      {draft.certificates.length > 0 && (
        <>
          <p>{countText(draft)}</p>
          <WorkPart what="The list of the certificates" certificates={draft.certificates}>
            {({ CertificatesTable }) => <CertificatesTable draft={draft} onChange={onChange} />}
          </WorkPart>
        </>
      )}
      <OptionsForm options={draft.options} onSet={(option, value) => onChange({ type: "set-option", option, value })} />
      <div className="tcm-actions tcm-step-actions">
        <BusyButton
          isDisabled={draft.certificates.length === 0 && pasted.trim() === ""}
          isBusy={judging.isPending}
          variant={isReady ? "secondary" : "primary"}
          onClick={validate}
        >
          Upload and validate chains
        </BusyButton>
        <Button isDisabled={!isReady} variant={isReady ? "primary" : "secondary"} onClick={onNext}>
          Next: review
        </Button>
        <Button variant="link" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </>
  );
}

function countText(draft: Draft): string {
  const count = writtenCount(draft);
  const again = draft.certificates.length - count;
  const copies =
    again === 0
      ? ""
      : ` ${plural(again, "row")} more ${again === 1 ? "is a copy" : "are copies"}: each certificate is written once.`;
  return `${plural(count, "certificate")} in this version.${copies}`;
}
