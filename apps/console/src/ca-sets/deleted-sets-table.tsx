import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import type { CaSetView } from "@tcm/api-contract";
import { Time } from "../text/time.tsx";
import { VirtualRows } from "../text/virtual-rows.tsx";

const rowHeight = 42;

/** Sets that are kept to be looked at, those deleted last first. */
export function DeletedSetsTable({ sets }: { readonly sets: readonly CaSetView[] }) {
  const rows = sets.toSorted((a, b) => (b.deletedDate ?? "").localeCompare(a.deletedDate ?? ""));
  return (
    <Table aria-label="Deleted certificate sets" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th>Deleted</Th>
          <Th>By</Th>
          <Th>Kept until</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={4}
          rowHeight={rowHeight}
          row={({ caSetId, caSetName, deletedDate, deletedBy, removalDate }, i, measured) => (
            <Tr key={caSetId} aria-rowindex={i + 2} {...measured}>
              <Td dataLabel="Name">
                <Link to="/ca-sets/$caSetId" params={{ caSetId }} search={{ tab: "history" }} className="tcm-name">
                  {caSetName}
                </Link>
              </Td>
              <Td dataLabel="Deleted">{deletedDate !== null && <Time iso={deletedDate} />}</Td>
              <Td dataLabel="By">{deletedBy}</Td>
              <Td dataLabel="Kept until">{removalDate !== null && <Time iso={removalDate} />}</Td>
            </Tr>
          )}
        />
      </Tbody>
    </Table>
  );
}
