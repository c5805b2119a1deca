import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { HandshakeSummary } from "@tcm/api-contract";
import { Time } from "../text/time.tsx";

/** Why clients were refused, the most frequent reason first. */
export function RefusalTable({ refusals }: { readonly refusals: HandshakeSummary["refusals"] }) {
  return (
    <>
      <h2 className="tcm-heading tcm-result">Why clients were refused</h2>
      <Table aria-label="Refusals" variant="compact">
        <Thead>
          <Tr>
            <Th>Reason</Th>
            <Th>Version</Th>
            <Th>How often</Th>
            <Th>Last seen</Th>
          </Tr>
        </Thead>
        <Tbody>
          {refusals.map(({ version, outcome, reason, count, lastSeenDate }) => (
            <Tr key={`${version} ${outcome} ${reason}`}>
              <Td dataLabel="Reason">
                <code>{reason}</code> {outcome === "removed-anchor" && <Label color="orange">its CA was removed</Label>}
              </Td>
              <Td dataLabel="Version">{version}</Td>
              <Td dataLabel="How often">{count.toLocaleString("en")}</Td>
              <Td dataLabel="Last seen">
                <Time iso={lastSeenDate} />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}
