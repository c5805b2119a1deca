import { Table, Tbody, Td, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import { Expiry } from "../structure/expiry.tsx";
import { shortName } from "../structure/tree-items.ts";
import type { Order } from "../text/column-order.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { networkName } from "../text/network-name.ts";
import { type Column, OrderedHead } from "../text/ordered-head.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import type { ExpiringColumn, ExpiringRow } from "./expiring-rows.ts";

const rowHeight = 57;

const columns: readonly Column<ExpiringColumn>[] = [
  { name: "Expires", by: "expires" },
  { name: "Certificate", by: "subject" },
  { name: "Set", by: "set" },
  { name: "Served as" },
  { name: "SHA-256" },
];

type Props = {
  readonly rows: readonly ExpiringRow[];
  readonly order: Order<ExpiringColumn>;
  readonly onOrder: (order: Order<ExpiringColumn>) => void;
  readonly now: number;
};

/** What ends, with the way to where it stands. */
export function ExpiringTable({ rows, order, onOrder, now }: Props) {
  return (
    <Table aria-label="Expiring certificates" variant="compact" aria-rowcount={rows.length + 1}>
      <OrderedHead columns={columns} order={order} onOrder={onOrder} />
      <Tbody>
        <VirtualRows
          items={rows}
          columns={columns.length}
          rowHeight={rowHeight}
          row={(row, i, measured) => (
            <Row
              key={`${row.caSetId} ${row.certificate.fingerprint}`}
              row={row}
              index={i}
              measured={measured}
              now={now}
            />
          )}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = {
  readonly row: ExpiringRow;
  readonly index: number;
  readonly measured: Measured;
  readonly now: number;
};

function Row({ row: { caSetId, caSetName, certificate, places }, index, measured, now }: RowProps) {
  const { fingerprint, subject, endDate } = certificate;
  const search = { view: "structure", certificate: fingerprint } as const;
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Expires">
        <Expiry iso={endDate} now={now} />
      </Td>
      <Td dataLabel="Certificate">
        <Link
          to="/ca-sets/$caSetId/versions/$version"
          params={{ caSetId, version: String(places[0]?.version ?? 1) }}
          search={search}
          className="tcm-name"
          title={subject}
        >
          {shortName(subject)}
        </Link>
      </Td>
      <Td dataLabel="Set">
        <Link to="/ca-sets/$caSetId" params={{ caSetId }} className="tcm-name">
          {caSetName}
        </Link>
      </Td>
      <Td dataLabel="Served as">
        {places.map(({ version, networks }) => (
          <div key={version}>
            {`version ${version}`}{" "}
            <span className="tcm-faint">{networks.map((one) => networkName[one]).join(", ")}</span>
          </div>
        ))}
      </Td>
      <Td dataLabel="SHA-256">
        <Fingerprint sha256={fingerprint} />
      </Td>
    </Tr>
  );
}
