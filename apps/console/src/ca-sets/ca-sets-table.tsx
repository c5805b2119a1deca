import { Label } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import type { CaSetView } from "@tcm/api-contract";
import type { Order } from "../text/column-order.ts";
import type { Column } from "../text/ordered-head.tsx";
import { SortedTable } from "../text/sorted-table.tsx";
import { Time } from "../text/time.tsx";
import type { Measured } from "../text/virtual-rows.tsx";
import type { CaSetColumn } from "./ca-set-rows.ts";

const rowHeight = 42;

const columns: readonly Column<CaSetColumn>[] = [
  { name: "Name", by: "name" },
  { name: "Staging", by: "staging" },
  { name: "Production", by: "production" },
  { name: "Created", by: "created" },
];

type Props = {
  readonly rows: readonly CaSetView[];
  readonly order: Order<CaSetColumn>;
  readonly onOrder: (order: Order<CaSetColumn>) => void;
};

/** Sets with the version that each network serves. */
export function CaSetsTable({ rows, order, onOrder }: Props) {
  return (
    <SortedTable
      label="Certificate sets"
      columns={columns}
      order={order}
      onOrder={onOrder}
      rows={rows}
      rowHeight={rowHeight}
      row={(set, i, measured) => <Row key={set.caSetId} set={set} index={i} measured={measured} />}
    />
  );
}

type RowProps = { readonly set: CaSetView; readonly index: number; readonly measured: Measured };

function Row({ set, index, measured }: RowProps) {
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Name">
        <Link to="/ca-sets/$caSetId" params={{ caSetId: set.caSetId }} className="tcm-name">
          {set.caSetName}
        </Link>{" "}
        {set.caSetStatus === "DELETING" && (
          <Label color="orange" isCompact>
            being deleted
          </Label>
        )}
      </Td>
      <Td dataLabel="Staging">
        <VersionLabel version={set.stagingVersion} />
      </Td>
      <Td dataLabel="Production">
        <VersionLabel version={set.productionVersion} />
      </Td>
      <Td dataLabel="Created">
        <Time iso={set.createdDate} />
      </Td>
    </Tr>
  );
}

function VersionLabel({ version }: { readonly version: number | null }) {
  if (version === null) return <span className="tcm-faint">not deployed</span>;
  return (
    <Label color="green" isCompact>
      {`version ${version}`}
    </Label>
  );
}
