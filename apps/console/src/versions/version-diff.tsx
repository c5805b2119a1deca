import { Alert, List, ListItem } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { VersionDiffView } from "@tcm/api-contract";
import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { plural } from "../text/time-text.ts";

/** What changes between two versions, and for whose clients. */
export function VersionDiff({ diff }: { readonly diff: VersionDiffView }) {
  const { added, removed, keptCount, options, effect } = diff;
  const rows = [
    ...removed.map((one) => ({ ...one, change: "removed" as const })),
    ...added.map((one) => ({ ...one, change: "added" as const })),
  ];
  return (
    <>
      {effect.losesAccess.length > 0 && (
        <Alert variant="danger" isInline component="h3" title="Clients of these CAs lose access">
          <List>
            {effect.losesAccess.map(({ subject, fingerprint }) => (
              <ListItem key={fingerprint}>
                <span className="tcm-name">{shortName(subject)}</span> <Fingerprint sha256={fingerprint} />
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      {effect.stillTrusted.length > 0 && (
        <Alert variant="warning" isInline component="h3" title="Removed, and their clients are still let in">
          <List>
            {effect.stillTrusted.map(({ subject, fingerprint }) => (
              <ListItem key={fingerprint}>
                <span className="tcm-name">{shortName(subject)}</span>, by another certificate of the same CA or one
                above it
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      <p>{`${plural(added.length, "certificate")} added, ${removed.length} removed, ${keptCount} kept.`}</p>
      {options.map(({ option, from, to }) => (
        <p key={option}>
          <code>{option}</code> {`goes from ${from ? "on" : "off"} to ${to ? "on" : "off"}.`}
        </p>
      ))}
      {rows.length > 0 && (
        <Table aria-label="What changes" variant="compact">
          <Thead>
            <Tr>
              <Th>Change</Th>
              <Th>Subject</Th>
              <Th>SHA-256</Th>
            </Tr>
          </Thead>
          <Tbody>
            {rows.map(({ change, subject, fingerprint }) => (
              <Tr key={`${change} ${fingerprint}`}>
                <Td dataLabel="Change">
                  <span className={`tcm-${change}`}>{change === "added" ? "+ added" : "− removed"}</span>
                </Td>
                <Td dataLabel="Subject">
                  <span className="tcm-name" title={subject}>
                    {shortName(subject)}
                  </span>
                </Td>
                <Td dataLabel="SHA-256">
                  <Fingerprint sha256={fingerprint} />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </>
  );
}
