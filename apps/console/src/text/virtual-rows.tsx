import { Td, Tr } from "@patternfly/react-table";
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from "react";

/** For the `Tr` of a row: names wrap, and a narrow screen makes cards of rows, so that heights are measured. */
export type Measured = {
  readonly ref?: (element: HTMLTableRowElement | null) => void;
  readonly "data-index"?: number;
};

export type RowsProps<T> = {
  readonly items: readonly T[];
  readonly columns: number;
  /** Of a row that was not measured yet. */
  readonly rowHeight: number;
  readonly row: (item: T, index: number, measured: Measured) => ReactNode;
};

/** As many as a person reads without a pause for the browser. */
const maxPlain = 150;

/** As many as are on the screen at first, until the rest can be windowed. */
const firstRows = 40;

/** `lazy` and a state forget what the rows are of. */
type Rows = ComponentType<RowsProps<unknown>>;

let fetched: Rows | undefined;

/** Fetched when a table is long for the first time: most never are. */
async function fetchWindow(): Promise<{ readonly default: Rows }> {
  const { WindowedRows } = await import("./windowed-rows.tsx");
  fetched = WindowedRows<unknown>;
  return { default: fetched };
}

/** For pages whose table often is long: fetched while they read what is in it. What fails now is asked for again by the table. */
export function beginWindow(): void {
  fetchWindow().catch(() => undefined);
}

const LazyRows = lazy(fetchWindow);

/** Rows of a table: all of them while they are few; of thousands those alone that are on the screen. `row` gives one `Tr` with its key. */
export function VirtualRows<T>(props: RowsProps<T>) {
  const { items, columns, rowHeight, row } = props;
  // Drawn at once when it is there; and what was begun without it is not begun again when it comes.
  const [Windowed] = useState<Rows>(() => fetched ?? LazyRows);
  if (items.length <= maxPlain) return <>{items.map((item, i) => row(item, i, {}))}</>;
  const first = (
    <>
      {items.slice(0, firstRows).map((item, i) => row(item, i, {}))}
      <Tr aria-hidden className="tcm-room">
        <Td colSpan={columns} style={{ height: (items.length - firstRows) * rowHeight }} />
      </Tr>
    </>
  );
  return (
    <Suspense fallback={first}>
      <Windowed items={items} columns={columns} rowHeight={rowHeight} row={row as RowsProps<unknown>["row"]} />
    </Suspense>
  );
}
