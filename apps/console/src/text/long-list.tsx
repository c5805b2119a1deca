import { List } from "@patternfly/react-core";
import type { ReactNode } from "react";

type Props = {
  /** One `ListItem` each, with its key. */
  readonly items: readonly ReactNode[];
};

/** As many as are read before one looks for what comes after the list. */
const first = 10;

/** A list within a page that goes on below it: of many items the first ones, and the others when they are asked for. */
export function LongList({ items }: Props) {
  const more = items.length - first;
  // One more is no longer than the words that it would stand behind.
  if (more <= 1) return <List>{items}</List>;
  return (
    <>
      <List>{items.slice(0, first)}</List>
      <details>
        <summary>{`Show ${more.toLocaleString("en")} more`}</summary>
        <List>{items.slice(first)}</List>
      </details>
    </>
  );
}
