import { Table, Tbody } from "@patternfly/react-table";
import type { ReactNode } from "react";
import type { Order } from "./column-order.ts";
import { type Column, OrderedHead } from "./ordered-head.tsx";
import { type Measured, VirtualRows } from "./virtual-rows.tsx";

type Props<T, C extends string> = {
  readonly label: string;
  readonly columns: readonly Column<C>[];
  readonly order: Order<C>;
  readonly onOrder: (order: Order<C>) => void;
  /** In that order. */
  readonly rows: readonly T[];
  /** Of a row that was not measured yet. */
  readonly rowHeight: number;
  readonly row: (item: T, index: number, measured: Measured) => ReactNode;
};

/** A table of as many rows as there are, sorted by its headings. */
export function SortedTable<T, C extends string>(props: Props<T, C>) {
  const { label, columns, order, onOrder, rows, rowHeight, row } = props;
  return (
    <Table aria-label={label} variant="compact" aria-rowcount={rows.length + 1}>
      <OrderedHead columns={columns} order={order} onOrder={onOrder} />
      <Tbody>
        <VirtualRows items={rows} columns={columns.length} rowHeight={rowHeight} row={row} />
      </Tbody>
    </Table>
  );
}
