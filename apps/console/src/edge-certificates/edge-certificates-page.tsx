import { Button, EmptyState, EmptyStateBody, Label, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { modeText } from "../ca-sets/associations-tab.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { AssociationForm } from "./association-form.tsx";
import { progressText } from "./progress-text.ts";
import { Unbind } from "./unbind.tsx";

type Editing = { readonly edgeCertificate: EdgeCertificateView | undefined };

/** Which hostnames ask their clients for a certificate, and whose they accept. */
export function EdgeCertificatesPage() {
  usePageTitle("Edge certificates");
  const { data } = useSuspenseQuery(read("listEdgeCertificates"));
  const mayChange = useMay("change-edges");
  const [editing, setEditing] = useState<Editing>();
  return (
    <PageSection>
      <div className="tcm-head">
        <div>
          <h1 className="tcm-title">Edge certificates</h1>
          <p>From the moment hostnames are bound to a set, their clients must show a certificate of one of its CAs.</p>
        </div>
        {mayChange && (
          <div className="tcm-actions">
            <Button onClick={() => setEditing({ edgeCertificate: undefined })}>Associate hostnames with a set</Button>
          </div>
        )}
      </div>
      {editing !== undefined && (
        <AssociationForm edgeCertificate={editing.edgeCertificate} onDone={() => setEditing(undefined)} />
      )}
      {data.edgeCertificates.length === 0 ? (
        <EmptyState titleText="No hostname is bound to a set" headingLevel="h2">
          <EmptyStateBody>
            A set must be on staging and production before an edge certificate can use it.
          </EmptyStateBody>
        </EmptyState>
      ) : (
        <Table aria-label="Edge certificates" variant="compact">
          <Thead>
            <Tr>
              <Th>Hostnames</Th>
              <Th>Certificate set</Th>
              <Th>Other clients</Th>
              <Th>Staging</Th>
              <Th>Production</Th>
              <Th screenReaderText="Actions" />
            </Tr>
          </Thead>
          <Tbody>
            {data.edgeCertificates.map((one) => (
              <Row
                key={one.edgeCertificateId}
                one={one}
                mayChange={mayChange}
                onEdit={() => setEditing({ edgeCertificate: one })}
              />
            ))}
          </Tbody>
        </Table>
      )}
    </PageSection>
  );
}

type RowProps = { readonly one: EdgeCertificateView; readonly mayChange: boolean; readonly onEdit: () => void };

function Row({ one, mayChange, onEdit }: RowProps) {
  const { hostnames, clientAuthentication, staging, production } = one;
  return (
    <Tr>
      <Td dataLabel="Hostnames">
        <span className="tcm-name">{hostnames.join(", ")}</span>
      </Td>
      <Td dataLabel="Certificate set">
        <Link to="/ca-sets/$caSetId" params={{ caSetId: clientAuthentication.caSetId }} className="tcm-name">
          {clientAuthentication.caSetName}
        </Link>
      </Td>
      <Td dataLabel="Other clients">
        <Label color={clientAuthentication.mode === "deny" ? "green" : "orange"} isCompact>
          {modeText[clientAuthentication.mode]}
        </Label>
      </Td>
      <Td dataLabel="Staging">{progressText(staging)}</Td>
      <Td dataLabel="Production">{progressText(production)}</Td>
      <Td isActionCell>
        {mayChange && (
          <div className="tcm-actions">
            <Button variant="link" isInline onClick={onEdit} aria-label={`Change ${hostnames[0]}`}>
              Change
            </Button>
            <Unbind edgeCertificate={one} />
          </div>
        )}
      </Td>
    </Tr>
  );
}
