import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";
import { networkName } from "../text/network-name.ts";
import { Time } from "../text/time.tsx";

/** Who did what with the set, newest first. */
export function HistoryTab({ set: { caSetId } }: { readonly set: CaSetView }) {
  const { data } = useSuspenseQuery(read("listActivities", { params: { caSetId } }));
  return (
    <Table aria-label="History" variant="compact">
      <Thead>
        <Tr>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>What</Th>
        </Tr>
      </Thead>
      <Tbody>
        {data.activities.map((one) => (
          <Tr key={`${one.activityDate} ${one.type} ${one.version ?? ""} ${one.network ?? ""}`}>
            <Td dataLabel="When">
              <Time iso={one.activityDate} />
            </Td>
            <Td dataLabel="Who">{one.activityBy}</Td>
            <Td dataLabel="What">{activityText(one.type, one.version, one.network)}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

/** "activate ca set version 3 on staging": the words of mETS, as people write. */
export function activityText(type: string, version: number | null, network: Network | null): string {
  const words = type.toLowerCase().replaceAll("_", " ");
  return `${words}${version === null ? "" : ` ${version}`}${network === null ? "" : ` on ${networkName[network].toLowerCase()}`}`;
}
