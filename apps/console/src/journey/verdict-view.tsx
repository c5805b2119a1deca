import { Alert, AlertActionLink, Button, List, ListItem } from "@patternfly/react-core";
import type { ProblemItemView } from "@tcm/api-contract";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { type Draft, type DraftChange, writtenCount } from "./draft.ts";
import { type DraftProblem, draftProblems, groupByCertificate, type ProblemGroup } from "./draft-problems.ts";
import { refusedText } from "./refused-text.ts";

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
        <Alert
          variant="danger"
          isInline
          isLiveRegion
          component="h3"
          title={`Not taken: ${plural(refused.length, "problem")}`}
          {...(certificates.length > 0 && {
            actionLinks: (
              <AlertActionLink onClick={() => onChange({ type: "forget-refused" })}>Go on without it</AlertActionLink>
            ),
          })}
        >
          <List>
            {refused.map((one) => (
              <ListItem key={`${one.place.file} ${one.problem.offset}`}>{refusedText(one)}</ListItem>
            ))}
          </List>
        </Alert>
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
      <Problems
        draft={draft}
        title="Warnings"
        variant="warning"
        problems={draftProblems(validation.warnings, certificates)}
      />
      <Problems draft={draft} title="Good to know" variant="info" problems={draftProblems(advisories, certificates)} />
    </>
  );
}

type RefusalProps = Pick<Props, "draft" | "onChange"> & {
  readonly error: unknown;
  readonly items: readonly ProblemItemView[];
};

function Refusal({ draft, error, items, onChange }: RefusalProps) {
  if (items.length === 0) return <ProblemAlert error={error} />;
  return (
    <Problems
      draft={draft}
      title={`${plural(items.length, "problem")} to mend`}
      variant="danger"
      problems={draftProblems(items, draft.certificates)}
      onChange={onChange}
    />
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
    <Problems
      draft={draft}
      title={`${plural(problems.length, "problem")} to mend, as of the last validation`}
      variant="danger"
      note={`Something was changed since. ${again}`}
      problems={problems}
      onChange={onChange}
    />
  );
}

type ProblemsProps = {
  readonly draft: Draft;
  readonly title: string;
  readonly variant: "danger" | "warning" | "info";
  readonly note?: string;
  readonly problems: readonly DraftProblem[];
  /** Given where what is told of can be taken out at once. */
  readonly onChange?: Props["onChange"];
};

function Problems({ draft, title, variant, note, problems, onChange }: ProblemsProps) {
  if (problems.length === 0) return null;
  return (
    <Alert variant={variant} isInline isLiveRegion component="h3" title={title}>
      {note !== undefined && <p>{note}</p>}
      <List>
        {groupByCertificate(problems, draft.certificates).map((group, i) => (
          <ListItem key={group.about?.id ?? `whole ${i}`}>
            <Group group={group} onChange={onChange} />
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}

type GroupProps = { readonly group: ProblemGroup; readonly onChange: ProblemsProps["onChange"] };

/** A certificate is named once, and taken out once, however much is wrong with it. */
function Group({ group: { about, problems }, onChange }: GroupProps) {
  const [only] = problems;
  return (
    <>
      {about !== undefined && <strong className="tcm-name">{`${about.from}: `}</strong>}
      {problems.length === 1 && only !== undefined ? (
        <Words problem={only} />
      ) : (
        <List>
          {problems.map((one) => (
            <ListItem key={`${one.code} ${one.detail}`}>
              <Words problem={one} />
            </ListItem>
          ))}
        </List>
      )}
      {about !== undefined && onChange !== undefined && (
        <Button
          variant="link"
          isInline
          aria-label={`Remove it: ${about.from}`}
          onClick={() => onChange({ type: "remove", ids: [about.id] })}
        >
          Remove it
        </Button>
      )}
    </>
  );
}

function Words({ problem: { code, detail } }: { readonly problem: DraftProblem }) {
  return (
    <>
      {detail} <code>{code}</code>{" "}
    </>
  );
}
