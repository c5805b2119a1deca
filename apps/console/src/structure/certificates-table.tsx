import { Td, Tr } from "@patternfly/react-table";
import { type ReactNode, useDeferredValue, useState } from "react";
import type { Order } from "../text/column-order.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { Fingerprint } from "../text/fingerprint.tsx";
import type { Column } from "../text/ordered-head.tsx";
import { SortedTable } from "../text/sorted-table.tsx";
import { plural } from "../text/time-text.ts";
import type { Measured } from "../text/virtual-rows.tsx";
import { type CertificateColumn, type CertificateRow, certificateRows } from "./certificate-rows.ts";
import { Expiry } from "./expiry.tsx";
import { shortName } from "./tree-items.ts";

const rowHeight = 42;
/** More than are seen at a glance. */
const maxUnfiltered = 10;

type Props = {
  readonly certificates: readonly CertificateRow[];
  readonly label: string;
  /** Which column they are sorted by at first; absent: by subject. */
  readonly startsBy?: CertificateColumn;
  /** How a name is shown; absent: as text. */
  readonly name?: (certificate: CertificateRow) => ReactNode;
};

const columns: readonly Column<CertificateColumn>[] = [
  { name: "Subject", by: "subject" },
  { name: "Issuer", by: "issuer" },
  { name: "Expires", by: "expires" },
  { name: "SHA-256" },
];

/** Certificates with what people compare: sorted, filtered, and as many as a version holds. */
export function CertificatesTable({ certificates, label, startsBy = "subject", name }: Props) {
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order<CertificateColumn>>({ by: startsBy, direction: "asc" });
  const rows = certificateRows(certificates, useDeferredValue(words), order);
  const now = Date.now();
  return (
    <>
      {certificates.length > maxUnfiltered && (
        <FilterBar
          label="Filter by name or fingerprint"
          words={words}
          onWords={setWords}
          found={`${rows.length} of ${plural(certificates.length, "certificate")}`}
        />
      )}
      <SortedTable
        label={label}
        columns={columns}
        order={order}
        onOrder={setOrder}
        rows={rows}
        rowHeight={rowHeight}
        row={(one, i, measured) => (
          <Row key={one.fingerprint} certificate={one} index={i} measured={measured} now={now} name={name} />
        )}
      />
      {rows.length === 0 && <p className="tcm-faint">No certificate has these words.</p>}
    </>
  );
}

type RowProps = {
  readonly certificate: CertificateRow;
  readonly index: number;
  readonly measured: Measured;
  readonly now: number;
  readonly name: Props["name"] | undefined;
};

function Row({ certificate, index, measured, now, name }: RowProps) {
  const { fingerprint, subject, issuer, endDate, description } = certificate;
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Subject">
        <span className="tcm-name" title={subject}>
          {name?.(certificate) ?? shortName(subject)}
        </span>
        {description !== null && <div className="tcm-faint">{description}</div>}
      </Td>
      <Td dataLabel="Issuer">
        <span className="tcm-name" title={issuer}>
          {issuer === subject ? <span className="tcm-faint">itself</span> : shortName(issuer)}
        </span>
      </Td>
      <Td dataLabel="Expires">
        <Expiry iso={endDate} now={now} />
      </Td>
      <Td dataLabel="SHA-256">
        <Fingerprint sha256={fingerprint} />
      </Td>
    </Tr>
  );
}
