import { useVirtualizer } from "@tanstack/react-virtual";
import { Td, Tr } from "@patternfly/react-table";
import { type ReactNode, useRef } from "react";

type Props<T> = {
  readonly items: readonly T[];
  readonly columns: number;
  readonly rowHeight: number;
  readonly row: (item: T, index: number) => ReactNode;
};

/** As many as a person reads without a pause for the browser. */
const maxPlain = 150;

/**
 * Rows of a table: all of them while they are few; of thousands those alone that are on the screen, with the room of the others kept.
 * `row` gives one `Tr` with its key.
 */
export function VirtualRows<T>({ items, columns, rowHeight, row }: Props<T>) {
  if (items.length <= maxPlain) return <>{items.map(row)}</>;
  return <Windowed items={items} columns={columns} rowHeight={rowHeight} row={row} />;
}

function Windowed<T>({ items, columns, rowHeight, row }: Props<T>) {
  const before = useRef<HTMLTableRowElement>(null);
  const virtualizer = useVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    getScrollElement: () => document.getElementById("main"),
    scrollMargin: before.current?.offsetTop ?? 0,
    overscan: 20,
  });
  const shown = virtualizer.getVirtualItems();
  const margin = virtualizer.options.scrollMargin;
  const above = (shown[0]?.start ?? margin) - margin;
  const below = virtualizer.getTotalSize() - ((shown.at(-1)?.end ?? margin) - margin);
  return (
    <>
      <Tr ref={before} aria-hidden className="tcm-room">
        <Td colSpan={columns} style={{ height: above }} />
      </Tr>
      {shown.map(({ index }) => {
        const item = items[index];
        return item === undefined ? null : row(item, index);
      })}
      <Tr aria-hidden className="tcm-room">
        <Td colSpan={columns} style={{ height: below }} />
      </Tr>
    </>
  );
}
