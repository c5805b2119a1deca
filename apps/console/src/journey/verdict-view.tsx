import { Alert, AlertActionLink, List, ListItem } from "@patternfly/react-core";
import type { ProblemItemView } from "@tcm/api-contract";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { type Draft, indexOfPointer } from "./draft.ts";
import { refusedText } from "./refused-text.ts";

type Props = {
  readonly draft: Draft;
  /** Goes on without what was not taken. */
  readonly onForget: () => void;
};

/** All that is wrong, and all that is worth knowing, each with the file and the place where it stands. */
export function VerdictView({ draft, onForget }: Props) {
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
            actionLinks: <AlertActionLink onClick={onForget}>Go on without it</AlertActionLink>,
          })}
        >
          <List>
            {refused.map((one) => (
              <ListItem key={`${one.place.file} ${one.problem.offset}`}>{refusedText(one)}</ListItem>
            ))}
          </List>
        </Alert>
      )}
      {verdict?.ok === false && <Refusal draft={draft} error={verdict.error} items={verdict.items} />}
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

type RefusalProps = { readonly draft: Draft; readonly error: unknown; readonly items: readonly ProblemItemView[] };

function Refusal({ draft, error, items }: RefusalProps) {
  if (items.length === 0) return <ProblemAlert error={error} />;
  return <Items draft={draft} title={`${plural(items.length, "problem")} to mend`} variant="danger" items={items} />;
}

type ItemsProps = {
  readonly draft: Draft;
  readonly title: string;
  readonly variant: "danger" | "warning" | "info";
  readonly items: readonly ProblemItemView[];
};

function Items({ draft, title, variant, items }: ItemsProps) {
  if (items.length === 0) return null;
  return (
    <Alert variant={variant} isInline isLiveRegion component="h3" title={title}>
      <List>
        {items.map((item) => (
          <ListItem key={`${item.type} ${item.pointer ?? ""} ${item.detail}`}>
            <Where draft={draft} pointer={item.pointer} />
            {item.detail} <code>{item.type.slice(item.type.lastIndexOf("/") + 1)}</code>
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}

function Where({ draft, pointer }: { readonly draft: Draft; readonly pointer: string | undefined }) {
  const index = indexOfPointer(pointer);
  const from = index === undefined ? undefined : draft.certificates[index]?.from;
  return from === undefined ? null : <strong className="tcm-name">{`${from}: `}</strong>;
}
