import { Alert, Button } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { sessionQuery } from "../session/session-query.ts";
import { Time } from "../text/time.tsx";
import { ConflictView } from "./conflict-view.tsx";
import { contentOfDraft, contentOfVersion } from "./content.ts";
import { draftOf } from "./draft-of-version.ts";
import { FailureAlert } from "./failure-alert.tsx";
import type { JourneyStart, JourneyState } from "./journey-state.ts";
import type { SaveOutcome } from "./save-draft.ts";
import type { Saving } from "./use-saving.ts";

type Props = { readonly start: JourneyStart; readonly state: JourneyState; readonly saving: Saving };

/** What came of saving when it did not simply succeed, and the ways on. */
export function SaveOutcomeView(props: Props) {
  const { error, outcome } = props.saving;
  const place = useRef<HTMLDivElement>(null);
  // The button was below a long list; what came of it must not be out of sight.
  useEffect(() => {
    if (error !== null || outcome !== undefined) place.current?.scrollIntoView({ block: "nearest" });
  }, [error, outcome]);
  return (
    <div ref={place}>
      <Outcome {...props} />
    </div>
  );
}

function Outcome({ start, state, saving }: Props) {
  const { error, outcome } = saving;
  if (error !== null) return <FailureAlert error={error} doing="saving" />;
  switch (outcome?.kind) {
    case "name-taken":
      return <NameTaken set={outcome.set} saving={saving} />;
    case "version-there":
      return <VersionThere outcome={outcome} saving={saving} />;
    case "not-editable":
      return <NotEditable outcome={outcome} saving={saving} />;
    case "changed-meanwhile":
      return <Conflict start={start} state={state} saving={saving} outcome={outcome} />;
    case "saved":
    case undefined:
      return null;
  }
}

type Of<K extends SaveOutcome["kind"]> = {
  readonly outcome: Extract<SaveOutcome, { readonly kind: K }>;
  readonly saving: Saving;
};

/** An empty set by the same person is what an attempt whose answer was lost leaves behind. */
function NameTaken({ set, saving }: { readonly set: CaSetView; readonly saving: Saving }) {
  const { data: session } = useQuery(sessionQuery);
  const { caSetName, caSetId, createdBy, createdDate, latestVersion } = set;
  const isOwn = createdBy === session?.name && latestVersion === null;
  return (
    <Alert
      variant="warning"
      isInline
      isLiveRegion
      component="h3"
      title={isOwn ? `You have made the set ${caSetName} already` : `There is a certificate set ${caSetName}`}
      actionLinks={
        isOwn ? (
          <Button onClick={() => saving.saveInto(caSetId)}>Go on with this set</Button>
        ) : (
          <Button onClick={saving.rename}>Choose another name</Button>
        )
      }
    >
      {isOwn ? "It was made " : `${createdBy} made it `}
      <Time iso={createdDate} />
      {isOwn
        ? " and has no version yet, as when the answer to an earlier attempt was lost. Your certificates become its version 1."
        : ". Nothing of yours was written."}
    </Alert>
  );
}

function VersionThere({ outcome: { saved }, saving }: Of<"version-there">) {
  return (
    <Alert
      variant="info"
      isInline
      isLiveRegion
      component="h3"
      title={`It was already saved, as version ${saved.version}`}
      actionLinks={<Button onClick={() => saving.adopt(saved)}>{`Go on with version ${saved.version}`}</Button>}
    >
      {`Version ${saved.version} has the same certificates and options; no second one was made. Its descriptions stay as they are.`}
    </Alert>
  );
}

function NotEditable({ outcome: { why, caSetId }, saving }: Of<"not-editable">) {
  return (
    <Alert
      variant="warning"
      isInline
      isLiveRegion
      component="h3"
      title="The version can no longer be changed"
      actionLinks={<Button onClick={() => saving.saveInto(caSetId)}>Save yours as a new version</Button>}
    >
      {`${why} Nothing of yours was written, and your work is kept on this page.`}
    </Alert>
  );
}

function Conflict({ start, state, saving, outcome: { theirs, etag } }: Props & Of<"changed-meanwhile">) {
  const { target } = state;
  if (target.kind !== "edit" || start.base === undefined) return null;
  return (
    <ConflictView
      version={theirs.version}
      by={theirs.modifiedBy ?? theirs.createdBy}
      at={theirs.modifiedDate ?? theirs.createdDate}
      base={contentOfVersion(start.base)}
      theirs={contentOfVersion(theirs)}
      mine={contentOfDraft(state.draft)}
      isBusy={saving.isPending}
      onSaveMine={() => saving.saveOver(etag)}
      onLoadTheirs={() => saving.restart({ ...draftOf(theirs), description: theirs.description ?? "" }, etag)}
    />
  );
}
