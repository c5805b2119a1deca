import { Td, Tr } from "@patternfly/react-table";
import { lazy, type ReactNode, type RefObject, Suspense, useLayoutEffect, useRef, useState } from "react";
import { fetchedWindow, fetchWindow, type WindowOfRows } from "./fetch-window.ts";
import type { RowWindowProps } from "./row-window.tsx";

/** For the `Tr` of a row: names wrap, and a narrow screen makes cards of rows, so that heights are measured. */
export type Measured = {
  readonly ref?: (element: HTMLTableRowElement | null) => void;
  readonly "data-index"?: number;
};

/** Which rows are there, and the room of the others. */
export type ShownRows = {
  readonly from: number;
  readonly to: number;
  readonly above: number;
  readonly below: number;
  readonly measure?: (element: HTMLTableRowElement | null) => void;
};

type Props<T> = {
  readonly items: readonly T[];
  readonly columns: number;
  /** Of a row that was not measured yet. */
  readonly rowHeight: number;
  readonly row: (item: T, index: number, measured: Measured) => ReactNode;
};

/** As many as a person reads without a pause for the browser. */
const maxPlain = 150;

/** As many as are on the screen at first, until it is known which are. */
const firstRows = 40;

/** Rows of a table: all of them while they are few; of thousands those alone that are on the screen. `row` gives one `Tr` with its key. */
export function VirtualRows<T>({ items, columns, rowHeight, row }: Props<T>) {
  const before = useRef<HTMLTableRowElement>(null);
  const isLong = items.length > maxPlain;
  const { from, to, above, below, measure, onWindow } = useShownRows(items.length, isLong, rowHeight);
  const room = (height: number, ref?: RefObject<HTMLTableRowElement | null>) => (
    <Tr aria-hidden className="tcm-room" {...(ref && { ref })}>
      <Td colSpan={columns} style={{ height }} />
    </Tr>
  );
  return (
    <>
      {isLong && room(above, before)}
      {items
        .slice(from, to)
        .map((item, i) => row(item, from + i, measure ? { ref: measure, "data-index": from + i } : {}))}
      {isLong && room(below)}
      {isLong && <Following count={items.length} rowHeight={rowHeight} before={before} onWindow={onWindow} />}
    </>
  );
}

/** Whatever comes to be known of the screen, and however many there come to be: a row that was there stays the same. */
function useShownRows(count: number, isLong: boolean, rowHeight: number) {
  const [seen, setSeen] = useState<ShownRows>();
  const [plain, setPlain] = useState(isLong ? firstRows : count);
  if (!isLong && plain !== count) setPlain(count);
  if (!isLong && seen !== undefined) setSeen(undefined);
  const first = Math.min(isLong ? Math.max(plain, firstRows) : count, count);
  const shown: ShownRows = seen ?? { from: 0, to: first, above: 0, below: (count - first) * rowHeight };
  return { ...shown, onWindow: setSeen };
}

function Following(props: RowWindowProps) {
  // Drawn at once when it is there; and what was begun without it is not begun again when it comes.
  const [Window] = useState<WindowOfRows>(() => fetchedWindow() ?? lazy(fetchOrShowAll));
  return (
    <Suspense fallback={null}>
      <Window {...props} />
    </Suspense>
  );
}

/** Where it cannot be fetched, a slow table is better than none. */
function fetchOrShowAll(): Promise<{ readonly default: WindowOfRows }> {
  return fetchWindow().catch(() => ({ default: AllRows }));
}

function AllRows({ count, onWindow }: RowWindowProps) {
  useLayoutEffect(() => onWindow({ from: 0, to: count, above: 0, below: 0 }), [count, onWindow]);
  return null;
}
