import { Button } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Expiry } from "../structure/expiry.tsx";
import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { Shortened } from "../text/shortened.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { DescriptionCell } from "./description-cell.tsx";
import type { Draft, DraftCertificate, DraftChange, JudgedCertificate } from "./draft.ts";

type Props = { readonly draft: Draft; readonly onChange: (change: DraftChange) => void };

/** What the version will hold. Names and dates are read here, and the server's once it has taken it; fingerprints are the server's alone. */
export function CertificatesTable({ draft: { certificates, verdict, lastProblems }, onChange }: Props) {
  const judged = verdict?.ok === true ? verdict.response.certificates : undefined;
  const hasProblems = verdict?.ok === false || lastProblems !== undefined;
  const now = Date.now();
  return (
    <Shortened items={certificates} noun="certificate">
      {(shown) => (
        <Table aria-label="Certificates of this version" variant="compact">
          <Thead>
            <Tr>
              <Th>Certificate</Th>
              <Th>Expires</Th>
              {judged && <Th>SHA-256</Th>}
              <Th screenReaderText="Actions" />
            </Tr>
          </Thead>
          <Tbody>
            <VirtualRows
              items={shown}
              columns={judged ? 4 : 3}
              rowHeight={62}
              row={(one, i, measured) => (
                <Row key={one.id} facts={judged?.[i]} {...{ one, hasProblems, measured, now, onChange }} />
              )}
            />
          </Tbody>
        </Table>
      )}
    </Shortened>
  );
}

type RowProps = Pick<Props, "onChange"> & {
  readonly one: DraftCertificate;
  readonly facts: JudgedCertificate | undefined;
  /** The server was asked, and what it found is told above. */
  readonly hasProblems: boolean;
  readonly measured: Measured;
  readonly now: number;
};

function Row({ one, facts, hasProblems, measured, now, onChange }: RowProps) {
  const { id, from, description } = one;
  const name = facts?.subject ?? one.subject;
  const endDate = facts?.endDate ?? one.endDate;
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
        {endDate === undefined ? (
          <span className="tcm-faint">{hasProblems ? "see the problem above" : "not validated yet"}</span>
        ) : (
          <Expiry iso={endDate} now={now} />
        )}
      </Td>
      {facts && (
        <Td dataLabel="SHA-256">
          <Fingerprint sha256={facts.fingerprint} />
        </Td>
      )}
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
