import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import { Time } from "../text/time.tsx";
import { VirtualRows } from "../text/virtual-rows.tsx";
import type { Cell, Next, SetRow } from "./running-where.ts";

const rowHeight = 56;

/** Set by set what each network has, since when and by whom. */
export function RunningTable({ rows }: { readonly rows: readonly SetRow[] }) {
  if (rows.length === 0) return <p className="tcm-faint">No set is on a network yet.</p>;
  return (
    <Table aria-label="What runs where" variant="compact" aria-rowcount={rows.length + 1}>
      <Thead>
        <Tr>
          <Th width={30}>Set</Th>
          <Th>Staging</Th>
          <Th>Production</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={3}
          rowHeight={rowHeight}
          row={({ caSetId, caSetName, staging, production }, i, measured) => (
            <Tr key={caSetId} aria-rowindex={i + 2} {...measured}>
              <Td dataLabel="Set">
                <Link to="/ca-sets/$caSetId" params={{ caSetId }} className="tcm-name">
                  {caSetName}
                </Link>
              </Td>
              <Td dataLabel="Staging">
                <Running caSetId={caSetId} cell={staging} />
              </Td>
              <Td dataLabel="Production">
                <Running caSetId={caSetId} cell={production} />
              </Td>
            </Tr>
          )}
        />
      </Tbody>
    </Table>
  );
}

function Running({ caSetId, cell }: { readonly caSetId: string; readonly cell: Cell }) {
  const { version, since, by, next } = cell;
  return (
    <>
      {version === null ? (
        <span className="tcm-faint">not deployed</span>
      ) : (
        <Link to="/ca-sets/$caSetId/versions/$version" params={{ caSetId, version: String(version) }}>
          {`version ${version}`}
        </Link>
      )}
      {since !== undefined && (
        <span className="tcm-faint tcm-since">
          since <Time iso={since} /> by {by}
        </span>
      )}
      {next !== undefined && <OnItsWay caSetId={caSetId} next={next} />}
    </>
  );
}

function OnItsWay({ caSetId, next }: { readonly caSetId: string; readonly next: Next }) {
  const { version, withdraws, percent, activationId } = next;
  return (
    <Link
      to="/ca-sets/$caSetId/versions/$version/deployments/$activationId"
      params={{ caSetId, version: String(version), activationId: String(activationId) }}
      className="tcm-since"
    >
      {withdraws ? `being withdrawn: ${percent} %` : `version ${version} is on its way: ${percent} %`}
    </Link>
  );
}
