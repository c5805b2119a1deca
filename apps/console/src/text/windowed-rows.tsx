import { useVirtualizer } from "@tanstack/react-virtual";
import { Td, Tr } from "@patternfly/react-table";
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { RowsProps } from "./virtual-rows.tsx";

/** Of thousands of rows those alone that are on the screen, with the room of the others kept. */
export function WindowedRows<T>({ items, columns, rowHeight, row }: RowsProps<T>) {
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
