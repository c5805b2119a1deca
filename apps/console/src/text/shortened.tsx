import { Button } from "@patternfly/react-core";
import { type ReactNode, useState } from "react";
import { plural } from "./time-text.ts";
import { useIsSmall } from "./use-is-small.ts";

type Props<T> = {
  readonly items: readonly T[];
  readonly noun: string;
  readonly children: (shown: readonly T[]) => ReactNode;
};

/** As many as one passes over on the way to what stands below them. */
export const mostAtOnce = 20;
const first = 10;

/** On a small screen a long list lies between a person and what is to be done: there its beginning, and the whole when asked for. */
export function Shortened<T>({ items, noun, children }: Props<T>) {
  const [isWhole, setWhole] = useState(false);
  const isLong = useIsSmall() && items.length > mostAtOnce;
  return (
    <>
      {/* Above the list: it stays under the finger that pressed it, and what comes is below. */}
      {isLong && (
        <Button variant="link" isInline aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? `Show the first ${first} alone` : `Show all ${plural(items.length, noun)}`}
        </Button>
      )}
      {children(isLong && !isWhole ? items.slice(0, first) : items)}
    </>
  );
}
