import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { CaSetView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { read } from "../api/queries.ts";

/** The edge certificates whose clients this set authenticates. */
export function AssociationsTab({ set: { caSetId } }: { readonly set: CaSetView }) {
  const { data } = useSuspenseQuery(read("listEdgeCertificates"));
  const bound = data.edgeCertificates.filter((one) => one.clientAuthentication.caSetId === caSetId);
  if (bound.length === 0)
    return (
      <EmptyState titleText="No edge certificate uses this set" headingLevel="h2">
        <EmptyStateBody>
          Once the set is on both networks, an edge certificate can be bound to it; from then on its clients must show a
          certificate.
        </EmptyStateBody>
      </EmptyState>
    );
  return (
    <Table aria-label="Edge certificates that use this set" variant="compact">
      <Thead>
        <Tr>
          <Th>Edge certificate</Th>
          <Th>Hostnames</Th>
          <Th>Clients without a good certificate</Th>
        </Tr>
      </Thead>
      <Tbody>
        {bound.map((one) => (
          <Tr key={one.edgeCertificateId}>
            <Td dataLabel="Edge certificate">{one.edgeCertificateId}</Td>
            <Td dataLabel="Hostnames">
              <span className="tcm-name">{one.hostnames.join(", ")}</span>
            </Td>
            <Td dataLabel="Clients without a good certificate">{modeText[one.clientAuthentication.mode]}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

export const modeText = { deny: "are refused", observe: "are let in, and marked" } as const;
