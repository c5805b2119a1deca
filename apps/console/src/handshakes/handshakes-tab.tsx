import { Label, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { CaSetView, HandshakeSummary } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { shortName } from "../structure/tree-items.ts";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { plural } from "../text/time-text.ts";
import { anchorRows } from "./anchor-rows.ts";

/** Counts come with the nodes' reports, some a minute late. */
const readAgainMs = 30_000;

/** Through which CA clients came in the last 24 hours, and why others did not. */
export function HandshakesTab({ set: { caSetId } }: { readonly set: CaSetView }) {
  const [network, setNetwork] = useState<Network>("PRODUCTION");
  const { data, error } = useQuery({
    ...read("getHandshakes", { params: { caSetId }, query: { network } }),
    refetchInterval: readAgainMs,
  });
  return (
    <>
      <ToggleGroup aria-label="Network" className="tcm-block">
        {(["STAGING", "PRODUCTION"] as const).map((one) => (
          <ToggleGroupItem
            key={one}
            buttonId={`handshakes-${one}`}
            text={networkName[one]}
            isSelected={network === one}
            onChange={() => setNetwork(one)}
          />
        ))}
      </ToggleGroup>
      {error !== null && <ProblemAlert error={error} live={false} />}
      {data === undefined ? error === null && <PagePending /> : <Summary summary={data} />}
    </>
  );
}

function Summary({ summary }: { readonly summary: HandshakeSummary }) {
  const { accepted, refused, removedAnchor, lost, anchors, refusals } = summary;
  return (
    <>
      <p className="tcm-block" role="status">
        {`${plural(accepted, "client handshake")} accepted and ${(refused + removedAnchor).toLocaleString("en")} refused in 24 hours.`}
        {removedAnchor > 0 &&
          ` ${removedAnchor.toLocaleString("en")} of them would have been let in before a CA was removed.`}
        {lost > 0 && ` ${lost.toLocaleString("en")} more were seen and not counted.`}
      </p>
      <Anchors anchors={anchors} />
      {refusals.length > 0 && <Refusals refusals={refusals} />}
    </>
  );
}

function Anchors({ anchors }: { readonly anchors: HandshakeSummary["anchors"] }) {
  if (anchors.length === 0) return <p className="tcm-faint">No version of the set is on this network.</p>;
  return (
    <Table aria-label="Handshakes by CA" variant="compact">
      <Thead>
        <Tr>
          <Th>CA</Th>
          <Th>Accepted</Th>
          <Th>Last seen</Th>
        </Tr>
      </Thead>
      <Tbody>
        {anchorRows(anchors).map(({ fingerprint, subject, accepted, share, isActive, lastAcceptedDate }) => (
          <Tr key={fingerprint}>
            <Td dataLabel="CA">
              <span className="tcm-name" title={subject ?? fingerprint}>
                {subject === null ? fingerprint.slice(0, 12) : shortName(subject)}
              </span>{" "}
              {!isActive && <Label isCompact>not in the active version</Label>}
            </Td>
            <Td dataLabel="Accepted">
              {share > 0 && <span className="tcm-bar" style={{ inlineSize: `${share * 60}%` }} aria-hidden />}
              {accepted.toLocaleString("en")}
            </Td>
            <Td dataLabel="Last seen">{lastAcceptedDate === null ? "never" : <Time iso={lastAcceptedDate} />}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Refusals({ refusals }: { readonly refusals: HandshakeSummary["refusals"] }) {
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
