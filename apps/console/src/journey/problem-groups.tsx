import { Alert, AlertActionLink, Button, List, ListItem } from "@patternfly/react-core";
import { LongList } from "../text/long-list.tsx";
import type { Draft, DraftChange } from "./draft.ts";
import { type DraftProblem, groupByCertificate, placeAndName, type ProblemGroup } from "./draft-problems.ts";

type Props = {
  readonly draft: Draft;
  readonly title: string;
  readonly variant: "danger" | "warning" | "info";
  readonly note?: string;
  readonly problems: readonly DraftProblem[];
  /** Given where what is told of can be taken out at once. */
  readonly onChange?: (change: DraftChange) => void;
};

/** Problems of one kind, by certificate. */
export function ProblemGroups({ draft, title, variant, note, problems, onChange }: Props) {
  if (problems.length === 0) return null;
  const groups = groupByCertificate(problems, draft.certificates);
  const ids = groups.flatMap(({ about }) => about?.id ?? []);
  return (
    <Alert
      variant={variant}
      isInline
      isLiveRegion
      component="h3"
      title={title}
      {...(onChange &&
        ids.length > 1 && {
          actionLinks: (
            <AlertActionLink onClick={() => onChange({ type: "remove", ids })}>
              {`Remove these ${ids.length} certificates`}
            </AlertActionLink>
          ),
        })}
    >
      {note !== undefined && <p>{note}</p>}
      <LongList
        items={groups.map((group, i) => (
          <ListItem key={group.about?.id ?? `whole ${i}`}>
            <Group group={group} onChange={onChange} />
          </ListItem>
        ))}
      />
    </Alert>
  );
}

type GroupProps = { readonly group: ProblemGroup; readonly onChange: Props["onChange"] };

/** A certificate is named once, and taken out once, however much is wrong with it. */
function Group({ group: { about, problems }, onChange }: GroupProps) {
  return (
    <>
      {about !== undefined && <strong className="tcm-name">{placeAndName(about)}</strong>}
      <AllWords problems={problems} />
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

function AllWords({ problems }: Pick<ProblemGroup, "problems">) {
  const [only] = problems;
  if (problems.length === 1 && only !== undefined) return <Words problem={only} />;
  return (
    <List>
      {problems.map((one) => (
        <ListItem key={`${one.code} ${one.detail}`}>
          <Words problem={one} />
        </ListItem>
      ))}
    </List>
  );
}

function Words({ problem: { code, detail } }: { readonly problem: DraftProblem }) {
  return (
    <>
      {detail} <code>{code}</code>{" "}
    </>
  );
}
