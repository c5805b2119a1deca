import { Alert, AlertActionLink, Button, List, ListItem } from "@patternfly/react-core";
import type { ProblemItemView } from "@tcm/api-contract";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { type Draft, type DraftChange, indexOfPointer } from "./draft.ts";
import { refusedText } from "./refused-text.ts";

type Props = {
  readonly draft: Draft;
  readonly onChange: (change: DraftChange) => void;
};

/** All that is wrong, and all that is worth knowing, each with the file and the place where it stands. */
export function VerdictView({ draft, onChange }: Props) {
  const { refused, verdict, certificates } = draft;
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
      {verdict?.ok === true && (
        <>
          <Alert
            variant="success"
            isInline
            isLiveRegion
            component="h3"
            title={`Valid: ${plural(verdict.response.certificates.length, "certificate")}`}
          />
          <Remarks draft={draft} />
        </>
      )}
    </>
  );
}

/** What stands beside a valid draft: warnings, and advice. */
export function Remarks({ draft }: { readonly draft: Draft }) {
  const { verdict } = draft;
  if (verdict?.ok !== true) return null;
  return (
    <>
      <Items draft={draft} title="Warnings" variant="warning" items={verdict.response.validation.warnings} />
      <Items draft={draft} title="Good to know" variant="info" items={verdict.response.advisories} />
    </>
  );
}

type RefusalProps = Pick<Props, "onChange"> & {
  readonly draft: Draft;
  readonly error: unknown;
  readonly items: readonly ProblemItemView[];
};

function Refusal({ draft, error, items, onChange }: RefusalProps) {
  if (items.length === 0) return <ProblemAlert error={error} />;
  return (
    <Items
      draft={draft}
      title={`${plural(items.length, "problem")} to mend`}
      variant="danger"
      items={items}
      onChange={onChange}
    />
  );
}

type ItemsProps = {
  readonly draft: Draft;
  readonly title: string;
  readonly variant: "danger" | "warning" | "info";
  readonly items: readonly ProblemItemView[];
  /** Given where what is told of can be taken out at once. */
  readonly onChange?: Props["onChange"];
};

function Items({ draft, title, variant, items, onChange }: ItemsProps) {
  if (items.length === 0) return null;
  return (
    <Alert variant={variant} isInline isLiveRegion component="h3" title={title}>
      <List>
        {items.map((item) => (
          <ListItem key={`${item.type} ${item.pointer ?? ""} ${item.detail}`}>
            <Item draft={draft} item={item} onChange={onChange} />
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}

type ItemProps = { readonly draft: Draft; readonly item: ProblemItemView; readonly onChange: ItemsProps["onChange"] };

function Item({ draft, item: { type, pointer, detail }, onChange }: ItemProps) {
  const index = indexOfPointer(pointer);
  const about = index === undefined ? undefined : draft.certificates[index];
  return (
    <>
      {about !== undefined && <strong className="tcm-name">{`${about.from}: `}</strong>}
      {detail} <code>{type.slice(type.lastIndexOf("/") + 1)}</code>
      {about !== undefined && onChange !== undefined && (
        <>
          {" "}
          <Button
            variant="link"
            isInline
            aria-label={`Remove it: ${about.from}`}
            onClick={() => onChange({ type: "remove", ids: [about.id] })}
          >
            Remove it
          </Button>
        </>
      )}
    </>
  );
}
