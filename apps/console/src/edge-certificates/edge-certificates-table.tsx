import { Button, Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { LongName } from "../text/long-name.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { modeText } from "./mode-text.ts";
import { progressText } from "./progress-text.ts";
import { Unbind } from "./unbind.tsx";
import type { Unbound } from "./unbinding-progress.tsx";

const rowHeight = 42;

type Props = {
  readonly label: string;
  readonly edgeCertificates: readonly EdgeCertificateView[];
  readonly mayChange: boolean;
  /** On the page of a set its name is known. */
  readonly isOfOneSet?: true;
  readonly onEdit: (edgeCertificateId: number) => void;
  readonly onWatch: (edgeCertificateId: number) => void;
  readonly onUnbound: (unbound: Unbound) => void;
};

/** Hostnames with the set that decides about their clients, and how far each is deployed. */
export function EdgeCertificatesTable({ label, edgeCertificates, isOfOneSet, ...rest }: Props) {
  return (
    <Table aria-label={label} variant="compact" aria-rowcount={edgeCertificates.length + 1}>
      <Thead>
        <Tr>
          <Th width={30}>Hostnames</Th>
          {!isOfOneSet && <Th>Certificate set</Th>}
          <Th>Other clients</Th>
          <Th>Staging</Th>
          <Th>Production</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={edgeCertificates}
          columns={isOfOneSet ? 5 : 6}
          rowHeight={rowHeight}
          row={(one, i, measured) => (
            <Row
              key={one.edgeCertificateId}
              one={one}
              index={i}
              measured={measured}
              hasSet={isOfOneSet !== true}
              {...rest}
            />
          )}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = Pick<Props, "mayChange" | "onEdit" | "onWatch" | "onUnbound"> & {
  readonly one: EdgeCertificateView;
  readonly index: number;
  readonly measured: Measured;
  readonly hasSet: boolean;
};

function Row({ one, index, measured, hasSet, mayChange, onEdit, onWatch, onUnbound }: RowProps) {
  const { edgeCertificateId, hostnames, clientAuthentication, staging, production } = one;
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Hostnames">
        {hostnames.map((hostname) => (
          <div key={hostname}>
            <LongName name={hostname} />
          </div>
        ))}
      </Td>
      {hasSet && (
        <Td dataLabel="Certificate set">
          <Link to="/ca-sets/$caSetId" params={{ caSetId: clientAuthentication.caSetId }} className="tcm-name">
            {clientAuthentication.caSetName}
          </Link>
        </Td>
      )}
      <Td dataLabel="Other clients">
        <Label color={clientAuthentication.mode === "deny" ? "green" : "orange"} isCompact>
          {modeText[clientAuthentication.mode]}
        </Label>
      </Td>
      <Td dataLabel="Staging">{progressText(staging)}</Td>
      <Td dataLabel="Production">{progressText(production)}</Td>
      <Td isActionCell>
        <div className="tcm-actions">
          <Button
            variant="link"
            isInline
            onClick={() => onWatch(edgeCertificateId)}
            aria-label={`Edge nodes of ${hostnames[0]}`}
          >
            Edge nodes
          </Button>
          {mayChange && (
            <>
              <Button
                variant="link"
                isInline
                onClick={() => onEdit(edgeCertificateId)}
                aria-label={`Change ${hostnames[0]}`}
              >
                Change
              </Button>
              <Unbind edgeCertificate={one} onUnbound={onUnbound} />
            </>
          )}
        </div>
      </Td>
    </Tr>
  );
}
