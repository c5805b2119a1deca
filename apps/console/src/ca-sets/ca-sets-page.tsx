import { Button, EmptyState, EmptyStateBody, Label, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, type ThProps, Tr } from "@patternfly/react-table";
import type { CaSetView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { Time } from "../text/time.tsx";
import { plural } from "../text/time-text.ts";
import { caSetRows, type Order, type SortColumn } from "./ca-set-rows.ts";

/** Every set with its version on each network. There are at most 200. */
export function CaSetsPage() {
  usePageTitle("Certificate sets");
  const navigate = useNavigate();
  const { data } = useSuspenseQuery(read("listCaSets"));
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order>({ by: "name", direction: "asc" });
  const rows = caSetRows(data.caSets, words, order);
  return (
    <PageSection>
      <h1 className="tcm-title">Certificate sets</h1>
      {useMay("edit") && <Button onClick={() => void navigate({ to: "/ca-sets/new" })}>Create new set</Button>}
      {data.caSets.length === 0 ? (
        <NoSets />
      ) : (
        <>
          <FilterBar
            label="Filter by name"
            words={words}
            onWords={setWords}
            found={`${rows.length} of ${plural(data.caSets.length, "set")}`}
          />
          <SetTable rows={rows} order={order} onOrder={setOrder} />
        </>
      )}
    </PageSection>
  );
}

function NoSets() {
  return (
    <EmptyState titleText="There is no certificate set yet" headingLevel="h2">
      <EmptyStateBody>
        A certificate set holds the CA certificates whose clients your edges let in. The command "tcm sets create NAME"
        makes one.
      </EmptyStateBody>
    </EmptyState>
  );
}

const columns: readonly { readonly by: SortColumn; readonly name: string }[] = [
  { by: "name", name: "Name" },
  { by: "staging", name: "Staging" },
  { by: "production", name: "Production" },
  { by: "created", name: "Created" },
];

type TableProps = {
  readonly rows: readonly CaSetView[];
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
};

function SetTable({ rows, order, onOrder }: TableProps) {
  const sortOf = (by: SortColumn, columnIndex: number): NonNullable<ThProps["sort"]> => ({
    sortBy: { index: columns.findIndex((column) => column.by === order.by), direction: order.direction },
    onSort: (_event, _index, direction) => onOrder({ by, direction }),
    columnIndex,
  });
  return (
    <Table aria-label="Certificate sets" variant="compact">
      <Thead>
        <Tr>
          {columns.map(({ by, name }, i) => (
            <Th key={by} sort={sortOf(by, i)}>
              {name}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((set) => (
          <Tr key={set.caSetId}>
            <Td dataLabel="Name">
              <Link to="/ca-sets/$caSetId" params={{ caSetId: set.caSetId }} className="tcm-name">
                {set.caSetName}
              </Link>
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
        ))}
      </Tbody>
    </Table>
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
