import { Th, Thead, type ThProps, Tr } from "@patternfly/react-table";
import type { Order } from "./column-order.ts";

export type Column<C extends string> = {
  readonly name: string;
  /** What its heading sorts by; absent: it does not. */
  readonly by?: C;
  /** The heading is for who hears the table, such as over buttons. */
  readonly isUnseen?: true;
};

type Props<C extends string> = {
  readonly columns: readonly Column<C>[];
  readonly order: Order<C>;
  readonly onOrder: (order: Order<C>) => void;
};

/** The headings of a table whose rows are sorted by them. */
export function OrderedHead<C extends string>({ columns, order, onOrder }: Props<C>) {
  const index = columns.findIndex(({ by }) => by === order.by);
  const sortOf = (by: C, columnIndex: number): NonNullable<ThProps["sort"]> => ({
    sortBy: { index, direction: order.direction },
    onSort: (_event, _index, direction) => onOrder({ by, direction }),
    columnIndex,
  });
  return (
    <Thead>
      <Tr>
        {columns.map(({ name, by, isUnseen }, i) =>
          isUnseen === true ? (
            <Th key={name} screenReaderText={name} />
          ) : (
            <Th key={name} {...(by !== undefined && { sort: sortOf(by, i) })}>
              {name}
            </Th>
          ),
        )}
      </Tr>
    </Thead>
  );
}
