import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ActivityListView, CaSetView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { read } from "../api/queries.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { Time } from "../text/time.tsx";
import { plural } from "../text/time-text.ts";
import { VirtualRows } from "../text/virtual-rows.tsx";
import { activityRows, activityText } from "./activity-text.ts";

const rowHeight = 42;
/** More than are seen at a glance. */
const maxUnfiltered = 10;

/** Who did what with the set, newest first. */
export function HistoryTab({ set: { caSetId } }: { readonly set: CaSetView }) {
  const { data } = useSuspenseQuery(read("listActivities", { params: { caSetId } }));
  const [words, setWords] = useState("");
  const rows = activityRows(data.activities, useDeferredValue(words));
  return (
    <>
      {data.activities.length > maxUnfiltered && (
        <FilterBar
          label="Filter by what or who"
          words={words}
          onWords={setWords}
          found={`${rows.length} of ${plural(data.activities.length, "record")}`}
        />
      )}
      <Table aria-label="History" variant="compact" aria-rowcount={rows.length + 1}>
        <Thead>
          <Tr>
            <Th>When</Th>
            <Th>Who</Th>
            <Th>What</Th>
          </Tr>
        </Thead>
        <Tbody>
          <VirtualRows
            items={rows}
            columns={3}
            rowHeight={rowHeight}
            row={(one, i, measured) => (
              <Tr
                key={`${one.activityDate} ${one.type} ${one.version ?? ""} ${one.network ?? ""}`}
                aria-rowindex={i + 2}
                {...measured}
              >
                <Td dataLabel="When">
                  <Time iso={one.activityDate} />
                </Td>
                <Td dataLabel="Who">{one.activityBy}</Td>
                <Td dataLabel="What">
                  <What caSetId={caSetId} activity={one} />
                </Td>
              </Tr>
            )}
          />
        </Tbody>
      </Table>
    </>
  );
}

type WhatProps = { readonly caSetId: string; readonly activity: ActivityListView["activities"][number] };

function What({ caSetId, activity: { type, version, network } }: WhatProps) {
  const text = activityText(type, version, network);
  if (version === null || type === "REMOVE_CA_SET_VERSION") return <>{text}</>;
  return (
    <Link to="/ca-sets/$caSetId/versions/$version" params={{ caSetId, version: String(version) }} className="tcm-name">
      {text}
    </Link>
  );
}
