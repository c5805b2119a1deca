import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { HandshakeSummary } from "@tcm/api-contract";
import { shortName } from "../structure/tree-items.ts";
import { Time } from "../text/time.tsx";
import { VirtualRows } from "../text/virtual-rows.tsx";
import { anchorRows } from "./anchor-rows.ts";
import { silenceOf } from "./silence.ts";

const rowHeight = 42;

/** Each CA with a bar as long as it is used, and since when it is silent: what is silent can be retired. */
export function AnchorTable({ anchors }: { readonly anchors: HandshakeSummary["anchors"] }) {
  const rows = anchorRows(anchors);
  const now = Date.now();
  return (
    <Table aria-label="Handshakes by CA" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th>CA</Th>
          <Th>Accepted</Th>
          <Th>Last client</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={3}
          rowHeight={rowHeight}
          row={({ fingerprint, subject, accepted, share, isActive, lastAcceptedDate }, i, measured) => (
            <Tr key={fingerprint} aria-rowindex={i + 2} {...measured}>
              <Td dataLabel="CA">
                <span className="tcm-name" title={subject ?? fingerprint}>
                  {subject === null ? fingerprint.slice(0, 12) : shortName(subject)}
                </span>{" "}
                {!isActive && <Label isCompact>not in the active version</Label>}
              </Td>
              <Td dataLabel="Accepted">
                <div>
                  {share > 0 && <span className="tcm-bar" style={{ inlineSize: `${share * 60}%` }} aria-hidden />}
                  {accepted.toLocaleString("en")}
                </div>
              </Td>
              <Td dataLabel="Last client">
                <LastClient date={lastAcceptedDate} now={now} />
              </Td>
            </Tr>
          )}
        />
      </Tbody>
    </Table>
  );
}

function LastClient({ date, now }: { readonly date: string | null; readonly now: number }) {
  const silence = silenceOf(date, now);
  switch (silence.kind) {
    case "never":
      return <span className="tcm-faint">never seen</span>;
    case "heard":
      return <Time iso={silence.iso} />;
    case "silent":
      return (
        <>
          silent since <Time iso={silence.iso} /> <span className="tcm-faint">{`(${silence.forText})`}</span>
        </>
      );
  }
}
