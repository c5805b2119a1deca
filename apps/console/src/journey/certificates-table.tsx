import { Button } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { formatPlace } from "@tcm/core";
import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { expiryText } from "../text/time-text.ts";
import type { Draft, DraftCertificate } from "./draft.ts";

type Props = { readonly draft: Draft; readonly onRemove: (ids: readonly number[]) => void };

/** What the version will hold. Names and dates are the server's, once it was asked. */
export function CertificatesTable({ draft, onRemove }: Props) {
  const { certificates, verdict } = draft;
  const judged = verdict?.ok === true ? verdict.response.certificates : undefined;
  const byPem = new Map(judged?.map((one) => [one.certificatePem.trim(), one]));
  const now = Date.now();
  return (
    <Table aria-label="Certificates of this version" variant="compact">
      <Thead>
        <Tr>
          <Th>Certificate</Th>
          <Th>Expires</Th>
          <Th>SHA-256</Th>
          <Th>From</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        {certificates.map((one) => {
          const facts = byPem.get(one.certificatePem.trim());
          return (
            <Tr key={one.id}>
              <Td dataLabel="Certificate">
                <span className="tcm-name" title={facts?.subject}>
                  {facts === undefined ? (
                    <span className="tcm-faint">not validated yet</span>
                  ) : (
                    shortName(facts.subject)
                  )}
                </span>
              </Td>
              <Td dataLabel="Expires">{facts && expiryText(facts.endDate, now)}</Td>
              <Td dataLabel="SHA-256">{facts && <Fingerprint sha256={facts.fingerprint} />}</Td>
              <Td dataLabel="From">{formatPlace(one.place)}</Td>
              <Td isActionCell>
                <Button variant="link" isInline onClick={() => onRemove([one.id])} aria-label={removeLabel(one)}>
                  Remove
                </Button>
              </Td>
            </Tr>
          );
        })}
      </Tbody>
    </Table>
  );
}

function removeLabel({ place }: DraftCertificate): string {
  return `Remove ${formatPlace(place)}`;
}
