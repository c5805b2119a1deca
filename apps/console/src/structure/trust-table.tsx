import { Button, Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { EffectiveTrustView } from "@tcm/api-contract";
import { VirtualRows } from "../text/virtual-rows.tsx";
import { anchorTrustText, namesOf, roleWords, trustSummary, unlimitedDepth } from "./anchor-trust-text.ts";
import { Expiry } from "./expiry.tsx";
import { shortName } from "./tree-items.ts";

const rowHeight = 90;

type Props = {
  readonly trust: EffectiveTrustView;
  readonly focus: string | undefined;
  readonly onFocus: (fingerprint: string | undefined) => void;
};

const colors = { issuing: "blue", pinned: "grey", widening: "orange" } as const;

/** What each anchor makes trusted: of one that is looked at, or of all. */
export function TrustTable({ trust, focus, onFocus }: Props) {
  const names = namesOf(trust.anchors);
  const rows = trust.anchors.filter(({ fingerprint }) => focus === undefined || fingerprint === focus);
  const now = Date.now();
  return (
    <>
      <h2 className="tcm-heading tcm-result">What each anchor makes trusted</h2>
      <p className="tcm-block">{`${trustSummary(trust)} ${unlimitedDepth}`}</p>
      {focus !== undefined && (
        <Button variant="link" isInline onClick={() => onFocus(undefined)}>
          Show all anchors
        </Button>
      )}
      <Table aria-label="What each anchor makes trusted" variant="compact" aria-rowcount={rows.length + 1}>
        <Thead>
          <Tr>
            <Th width={25}>Anchor</Th>
            <Th>Lets in</Th>
            <Th modifier="fitContent">Until</Th>
          </Tr>
        </Thead>
        <Tbody>
          <VirtualRows
            items={rows}
            columns={3}
            rowHeight={rowHeight}
            row={(anchor, i, measured) => (
              <Tr key={anchor.fingerprint} aria-rowindex={i + 2} {...measured}>
                <Td dataLabel="Anchor">
                  <Button
                    variant="link"
                    isInline
                    className="tcm-name"
                    title={anchor.subject}
                    aria-pressed={anchor.fingerprint === focus}
                    onClick={() => onFocus(anchor.fingerprint === focus ? undefined : anchor.fingerprint)}
                  >
                    {shortName(anchor.subject)}
                  </Button>
                </Td>
                <Td dataLabel="Lets in">
                  <div>
                    <Label color={colors[anchor.role]} isCompact>
                      {roleWords[anchor.role]}
                    </Label>
                    <p>{anchorTrustText(anchor, names).join(" ")}</p>
                  </div>
                </Td>
                <Td dataLabel="Until">
                  <Expiry iso={anchor.letsIn.until} now={now} />
                </Td>
              </Tr>
            )}
          />
        </Tbody>
      </Table>
    </>
  );
}
