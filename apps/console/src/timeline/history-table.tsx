import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import { networkName } from "../text/network-name.ts";
import { Time } from "../text/time.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { type HistoryRow, historyRows } from "./history-rows.ts";
import type { NetworkHistory } from "./network-history.ts";

const rowHeight = 42;

type Props = { readonly caSetId: string; readonly histories: readonly NetworkHistory[] };

/** What the picture shows, in words. */
export function HistoryTable({ caSetId, histories }: Props) {
  const rows = historyRows(histories);
  return (
    <Table aria-label="Versions over time" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th>Network</Th>
          <Th>What</Th>
          <Th>From</Th>
          <Th>Until</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={4}
          rowHeight={rowHeight}
          row={(row, i, measured) => <Row key={row.key} caSetId={caSetId} row={row} index={i} measured={measured} />}
        />
      </Tbody>
    </Table>
  );
}

const colors = { served: "green", failed: "red", running: "blue" } as const;
const words = { served: "served", failed: "failed", running: "on its way" } as const;

type RowProps = {
  readonly caSetId: string;
  readonly row: HistoryRow;
  readonly index: number;
  readonly measured: Measured;
};

function Row({ caSetId, row: { network, kind, what, detail, from, until, activation }, index, measured }: RowProps) {
  const { version, activationId } = activation;
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Network">{networkName[network]}</Td>
      <Td dataLabel="What">
        <Link
          to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
          params={{ caSetId, version: String(version), activationId: String(activationId) }}
        >
          {what}
        </Link>{" "}
        <Label color={kind === "served" && until !== "now" ? "grey" : colors[kind]} isCompact>
          {words[kind]}
        </Label>{" "}
        <span className="tcm-name">{detail}</span>
      </Td>
      <Td dataLabel="From">
        <Time iso={from} />
      </Td>
      <Td dataLabel="Until">{until === undefined ? "" : until === "now" ? "now" : <Time iso={until} />}</Td>
    </Tr>
  );
}
