import { Button } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Expiry } from "../structure/expiry.tsx";
import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { DescriptionCell } from "./description-cell.tsx";
import type { Draft, DraftCertificate, DraftChange, JudgedCertificate } from "./draft.ts";

type Props = { readonly draft: Draft; readonly onChange: (change: DraftChange) => void };

/** What the version will hold. Names and dates are the server's, once it was asked. */
export function CertificatesTable({ draft: { certificates, verdict }, onChange }: Props) {
  const judged = verdict?.ok === true ? verdict.response.certificates : [];
  const now = Date.now();
  return (
    <Table aria-label="Certificates of this version" variant="compact">
      <Thead>
        <Tr>
          <Th>Certificate</Th>
          <Th>Expires</Th>
          <Th>SHA-256</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={certificates}
          columns={4}
          rowHeight={62}
          row={(one, i, measured) => (
            <Row key={one.id} one={one} facts={judged[i]} measured={measured} now={now} onChange={onChange} />
          )}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = Pick<Props, "onChange"> & {
  readonly one: DraftCertificate;
  readonly facts: JudgedCertificate | undefined;
  readonly measured: Measured;
  readonly now: number;
};

function Row({ one: { id, subject, from, description }, facts, measured, now, onChange }: RowProps) {
  const name = facts?.subject ?? subject;
  return (
    <Tr {...measured}>
      <Td dataLabel="Certificate">
        <span className="tcm-name" title={name}>
          {name === undefined ? "a certificate that cannot be read" : shortName(name)}
        </span>
        <span className="tcm-faint tcm-line tcm-name">{from}</span>
        <DescriptionCell
          description={description}
          of={from}
          onDescribe={(text) => onChange({ type: "describe", id, description: text })}
        />
      </Td>
      <Td dataLabel="Expires" modifier="nowrap">
        {facts === undefined ? (
          <span className="tcm-faint">not validated yet</span>
        ) : (
          <Expiry iso={facts.endDate} now={now} />
        )}
      </Td>
      <Td dataLabel="SHA-256">{facts && <Fingerprint sha256={facts.fingerprint} />}</Td>
      <Td isActionCell>
        <Button
          variant="link"
          isInline
          onClick={() => onChange({ type: "remove", ids: [id] })}
          aria-label={`Remove ${from}`}
        >
          Remove
        </Button>
      </Td>
    </Tr>
  );
}
