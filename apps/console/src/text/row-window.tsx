import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect, useState } from "react";
import type { ShownRows } from "./virtual-rows.tsx";

export type RowWindowProps = {
  readonly count: number;
  readonly rowHeight: number;
  /** Stands where the rows begin. */
  readonly before: RefObject<HTMLTableRowElement | null>;
  readonly onWindow: (shown: ShownRows) => void;
};

/** Tells which of thousands of rows are on the screen, and draws nothing: rows that stay keep their elements, and the focus in them. */
export function RowWindow({ count, rowHeight, before, onWindow }: RowWindowProps) {
  const margin = useOffset(before);
  const virtualizer = useVirtualizer({
    count,
    estimateSize: () => rowHeight,
    getScrollElement: scrolled,
    scrollMargin: margin,
    overscan: 20,
  });
  const shown = virtualizer.getVirtualItems();
  const [first, last] = [shown[0], shown.at(-1)];
  const from = first?.index ?? 0;
  const to = last === undefined ? 0 : last.index + 1;
  const above = (first?.start ?? margin) - margin;
  const below = virtualizer.getTotalSize() - ((last?.end ?? margin) - margin);
  const measure = virtualizer.measureElement;
  useLayoutEffect(() => {
    // Before it knows how high the screen is, it knows of no row on it.
    if (to > 0) onWindow({ from, to, above, below, measure });
  }, [from, to, above, below, measure, onWindow]);
  return null;
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
