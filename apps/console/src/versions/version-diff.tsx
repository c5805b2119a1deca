import { Alert, List, ListItem } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { VersionDiffView } from "@tcm/api-contract";
import { Expiry } from "../structure/expiry.tsx";
import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { plural } from "../text/time-text.ts";
import { VirtualRows } from "../text/virtual-rows.tsx";

export type ShownDiff = Pick<VersionDiffView, "added" | "removed" | "keptCount" | "options"> & {
  /** Undefined where nobody keeps anything by it: it is not deployed. */
  readonly stillTrusted?: VersionDiffView["effect"]["stillTrusted"];
};

type Props = { readonly diff: ShownDiff };

/** What changes between two versions, and who is let in still. */
export function VersionDiff({ diff }: Props) {
  const { added, removed, keptCount, options, stillTrusted = [] } = diff;
  return (
    <>
      {stillTrusted.length > 0 && <StillTrusted stillTrusted={stillTrusted} />}
      <p>{`${plural(added.length, "certificate")} added, ${removed.length} removed, ${keptCount} kept.`}</p>
      {options.map(({ option, from, to }) => (
        <p key={option}>
          <code>{option}</code> {`goes from ${from ? "on" : "off"} to ${to ? "on" : "off"}.`}
        </p>
      ))}
      {added.length + removed.length > 0 && <Changes diff={diff} />}
    </>
  );
}

function StillTrusted({ stillTrusted }: Required<Pick<ShownDiff, "stillTrusted">>) {
  return (
    <Alert variant="warning" isInline component="h3" title="Removed, and their clients are still let in">
      <List>
        {stillTrusted.map(({ subject, fingerprint }) => (
          <ListItem key={fingerprint}>
            <span className="tcm-name">{shortName(subject)}</span>, by another certificate of the same CA or one above
            it
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}

function Changes({ diff: { added, removed } }: Props) {
  const now = Date.now();
  const rows = [
    ...removed.map((one) => ({ ...one, change: "removed" as const })),
    ...added.map((one) => ({ ...one, change: "added" as const })),
  ];
  return (
    <Table aria-label="What changes" variant="compact">
      <Thead>
        <Tr>
          <Th>Change</Th>
          <Th>Subject</Th>
          <Th>Expires</Th>
          <Th>SHA-256</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={4}
          rowHeight={54}
          row={({ change, subject, fingerprint, endDate }, _, measured) => (
            <Tr key={`${change} ${fingerprint}`} {...measured}>
              <Td dataLabel="Change">
                <span className={`tcm-${change}`}>{change === "added" ? "+ added" : "− removed"}</span>
              </Td>
              <Td dataLabel="Subject">
                <span className="tcm-name" title={subject}>
                  {shortName(subject)}
                </span>
              </Td>
              <Td dataLabel="Expires" modifier="nowrap">
                <Expiry iso={endDate} now={now} />
              </Td>
              <Td dataLabel="SHA-256">
                <Fingerprint sha256={fingerprint} />
              </Td>
            </Tr>
          )}
        />
      </Tbody>
    </Table>
  );
}
