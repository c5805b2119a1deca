import { Alert } from "@patternfly/react-core";
import type { ProblemItemView } from "@tcm/api-contract";
import { useEffect, useRef } from "react";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { type Draft, type DraftChange, writtenCount } from "./draft.ts";
import { type DraftProblem, draftProblems } from "./draft-problems.ts";
import { NotTaken } from "./not-taken.tsx";
import { ProblemGroups } from "./problem-groups.tsx";

type Props = {
  readonly draft: Draft;
  readonly onChange: (change: DraftChange) => void;
};

/** All that is wrong, and all that is worth knowing, each with the file and the place where it stands. */
export function VerdictView({ draft, onChange }: Props) {
  const { refused, verdict, lastProblems, certificates } = draft;
  return (
    <>
      {refused.length > 0 && (
        <NotTaken
          refused={refused}
          onGoOn={certificates.length > 0 ? () => onChange({ type: "forget-refused" }) : undefined}
        />
      )}
      {verdict?.ok === false && (
        <Refusal draft={draft} error={verdict.error} items={verdict.items} onChange={onChange} />
      )}
      {lastProblems !== undefined && <LastProblems draft={draft} problems={lastProblems} onChange={onChange} />}
      {verdict?.ok === true && (
        <>
          <Alert
            variant="success"
            isInline
            isLiveRegion
            component="h3"
            title={`Valid: ${plural(writtenCount(draft), "certificate")}`}
          />
          <Remarks draft={draft} />
        </>
      )}
    </>
  );
}

/** What stands beside a valid draft: warnings, and advice. */
export function Remarks({ draft }: { readonly draft: Draft }) {
  const { verdict, certificates } = draft;
  if (verdict?.ok !== true) return null;
  const { validation, advisories } = verdict.response;
  return (
    <>
      <ProblemGroups
        draft={draft}
        title="Warnings"
        variant="warning"
        problems={draftProblems(validation.warnings, certificates)}
      />
      <ProblemGroups
        draft={draft}
        title="Good to know"
        variant="info"
        problems={draftProblems(advisories, certificates)}
      />
    </>
  );
}

type RefusalProps = Pick<Props, "draft" | "onChange"> & {
  readonly error: unknown;
  readonly items: readonly ProblemItemView[];
};

/** Comes into view: who asked for it may stand at the foot of a list of hundreds. */
function Refusal({ draft, error, items, onChange }: RefusalProps) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    top.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  return (
    <div>
      <div ref={top} className="tcm-verdict-top" />
      {items.length === 0 ? (
        <ProblemAlert error={error} />
      ) : (
        <ProblemGroups
          draft={draft}
          title={`${plural(items.length, "problem")} to mend`}
          variant="danger"
          problems={draftProblems(items, draft.certificates)}
          onChange={onChange}
        />
      )}
    </div>
  );
}

type LastProblemsProps = Pick<Props, "draft" | "onChange"> & { readonly problems: readonly DraftProblem[] };

/** What was changed since is not known to be right, and what was left is not known to be wrong. */
function LastProblems({ draft, problems, onChange }: LastProblemsProps) {
  const again = "Upload and validate chains again before Review.";
  if (problems.length === 0)
    return (
      <Alert
        variant="info"
        isInline
        isLiveRegion
        component="h3"
        title={`Nothing that the last validation found is left. ${again}`}
      />
    );
  return (
    <ProblemGroups
      draft={draft}
      title={`${plural(problems.length, "problem")} to mend, as of the last validation`}
      variant="danger"
      note={`Something was changed since. ${again}`}
      problems={problems}
      onChange={onChange}
    />
  );
}
