import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { EdgeNodeView } from "@tcm/api-contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { VirtualRows } from "../text/virtual-rows.tsx";
import { entryName } from "./node-facts.ts";

const rowHeight = 42;

/** What the node should serve beside what it says; those that are behind first. There may be some hundreds. */
export function NodeEntries({ node: { entries } }: { readonly node: EdgeNodeView }) {
  const { data } = useQuery(read("listCaSets"));
  if (entries.length === 0) return <p className="tcm-faint">Nothing is deployed on its network.</p>;
  const names = new Map((data?.caSets ?? []).map(({ caSetId, caSetName }) => [caSetId, caSetName]));
  const rows = entries.toSorted((a, b) => Number(b.isDrifted) - Number(a.isDrifted));
  return (
    <Table aria-label="Entries of this node" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th width={30}>Entry</Th>
          <Th>State</Th>
          <Th>Expected</Th>
          <Th>Reported</Th>
          <Th>What it says</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={5}
          rowHeight={rowHeight}
          row={(entry, i, measured) => (
            <Tr key={entry.entryId} aria-rowindex={i + 2} {...measured}>
              <Td dataLabel="Entry">
                <EntryLink entryId={entry.entryId} names={names} />
              </Td>
              <Td dataLabel="State">
                <Label isCompact color={entry.state === "rejected" ? "red" : entry.isDrifted ? "orange" : "green"}>
                  {entryState(entry)}
                </Label>
              </Td>
              <Td dataLabel="Expected">{entry.expectedGeneration}</Td>
              <Td dataLabel="Reported">{entry.reportedGeneration ?? "nothing"}</Td>
              <Td dataLabel="What it says">
                <span className="tcm-name">{entry.detail}</span> {entry.code !== null && <code>{entry.code}</code>}
              </Td>
            </Tr>
          )}
        />
      </Tbody>
    </Table>
  );
}

function entryState({ state, isDrifted }: EdgeNodeView["entries"][number]): string {
  if (!isDrifted) return state;
  return state === "unknown" ? "behind" : `${state}, behind`;
}

type LinkProps = { readonly entryId: string; readonly names: ReadonlyMap<string, string> };

function EntryLink({ entryId, names }: LinkProps) {
  const { name, caSetId } = entryName(entryId, names);
  if (caSetId === undefined) return <Link to="/edge-certificates">{name}</Link>;
  return (
    <Link to="/ca-sets/$caSetId" params={{ caSetId }} className="tcm-name">
      {name}
    </Link>
  );
}
