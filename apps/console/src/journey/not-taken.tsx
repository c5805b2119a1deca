import { Alert, AlertActionLink, ListItem } from "@patternfly/react-core";
import { LongList } from "../text/long-list.tsx";
import { plural } from "../text/time-text.ts";
import type { Draft } from "./draft.ts";
import { refusedText } from "./refused-text.ts";

type Props = Pick<Draft, "refused"> & {
  /** Given where there is something to go on with. */
  readonly onGoOn: (() => void) | undefined;
};

/** What was handed in and is not in the list, and why. It is gone on without it when the person says so, and not before. */
export function NotTaken({ refused, onGoOn }: Props) {
  const them = refused.length === 1 ? "it" : "them";
  return (
    <Alert
      variant="danger"
      isInline
      isLiveRegion
      component="h3"
      title={`Not taken: ${plural(refused.length, "problem")}`}
      {...(onGoOn && { actionLinks: <AlertActionLink onClick={onGoOn}>{`Go on without ${them}`}</AlertActionLink> })}
    >
      <LongList
        items={refused.map((one) => (
          <ListItem key={"why" in one ? one.file : `${one.place.file} ${one.problem.offset}`} className="tcm-name">
            {refusedText(one)}
          </ListItem>
        ))}
      />
    </Alert>
  );
}
