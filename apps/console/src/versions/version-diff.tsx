import { Alert, List, ListItem } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { VersionDiffView } from "@tcm/api-contract";
import { Expiry } from "../structure/expiry.tsx";
import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { localTime, plural } from "../text/time-text.ts";
import { VirtualRows } from "../text/virtual-rows.tsx";
import { type Seen, seenText } from "./seen-text.ts";

export type ShownDiff = Pick<VersionDiffView, "added" | "removed" | "keptCount" | "options"> & {
  /** Undefined where nobody loses or keeps anything by it: it is not deployed. */
  readonly effect?: VersionDiffView["effect"];
};

type Props = {
  readonly diff: ShownDiff;
  /** By fingerprint, whom removed CAs let in until now; undefined: it is not asked, or not known. */
  readonly seen?: ReadonlyMap<string, Seen> | undefined;
};

/** What changes between two versions, and for whose clients. */
export function VersionDiff({ diff, seen }: Props) {
  const { added, removed, keptCount, options, effect } = diff;
  return (
    <>
      {effect !== undefined && <Effect effect={effect} />}
      <p>{`${plural(added.length, "certificate")} added, ${removed.length} removed, ${keptCount} kept.`}</p>
      {options.map(({ option, from, to }) => (
        <p key={option}>
          <code>{option}</code> {`goes from ${from ? "on" : "off"} to ${to ? "on" : "off"}.`}
        </p>
      ))}
      {added.length + removed.length > 0 && <Changes diff={diff} seen={seen} />}
    </>
  );
}

function Effect({ effect: { losesAccess, stillTrusted } }: { readonly effect: VersionDiffView["effect"] }) {
  return (
    <>
      {losesAccess.length > 0 && (
        <Alert variant="danger" isInline component="h3" title="Clients of these CAs lose access">
          <List>
            {losesAccess.map(({ subject, fingerprint }) => (
              <ListItem key={fingerprint}>
                <span className="tcm-name">{shortName(subject)}</span> <Fingerprint sha256={fingerprint} />
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      {stillTrusted.length > 0 && (
        <Alert variant="warning" isInline component="h3" title="Removed, and their clients are still let in">
          <List>
            {stillTrusted.map(({ subject, fingerprint }) => (
              <ListItem key={fingerprint}>
                <span className="tcm-name">{shortName(subject)}</span>, by another certificate of the same CA or one
                above it
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}

function Changes({ diff: { added, removed }, seen }: Props) {
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
                {change === "removed" && seen !== undefined && (
                  <div className="tcm-faint">{seenText(seen.get(fingerprint), (iso) => localTime(iso))}</div>
                )}
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
