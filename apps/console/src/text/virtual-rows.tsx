import { useVirtualizer } from "@tanstack/react-virtual";
import { Td, Tr } from "@patternfly/react-table";
import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from "react";

/** For the `Tr` of a row: names wrap, and a narrow screen makes cards of rows, so that heights are measured. */
export type Measured = {
  readonly ref?: (element: HTMLTableRowElement | null) => void;
  readonly "data-index"?: number;
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

/**
 * Rows of a table: all of them while they are few; of thousands those alone that are on the screen, with the room of the others kept.
 * `row` gives one `Tr` with its key.
 */
export function VirtualRows<T>({ items, columns, rowHeight, row }: Props<T>) {
  if (items.length <= maxPlain) return <>{items.map((item, i) => row(item, i, {}))}</>;
  return <Windowed items={items} columns={columns} rowHeight={rowHeight} row={row} />;
}

function Windowed<T>({ items, columns, rowHeight, row }: Props<T>) {
  const before = useRef<HTMLTableRowElement>(null);
  const margin = useOffset(before);
  const virtualizer = useVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    getScrollElement: scrolled,
    scrollMargin: margin,
    overscan: 20,
  });
  const shown = virtualizer.getVirtualItems();
  const above = (shown[0]?.start ?? margin) - margin;
  const below = virtualizer.getTotalSize() - ((shown.at(-1)?.end ?? margin) - margin);
  return (
    <>
      <Tr ref={before} aria-hidden className="tcm-room">
        <Td colSpan={columns} style={{ height: above }} />
      </Tr>
      {shown.map(({ index }) => {
        const item = items[index];
        return item === undefined ? null : row(item, index, { ref: virtualizer.measureElement, "data-index": index });
      })}
      <Tr aria-hidden className="tcm-room">
        <Td colSpan={columns} style={{ height: below }} />
      </Tr>
    </>
  );
}

function scrolled(): HTMLElement | null {
  return document.getElementById("main");
}

/** How far below the top of what scrolls the rows begin: what stands above them may grow. */
function useOffset(before: RefObject<HTMLTableRowElement | null>): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const [row, main] = [before.current, scrolled()];
    if (row === null || main === null) return;
    const now = row.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop;
    if (Math.abs(now - offset) >= 1) setOffset(now);
  });
  return offset;
}
