import { EmptyState, EmptyStateBody, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import type { CaSetView, HandshakeSummary } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { AnchorTable } from "./anchor-table.tsx";
import { HandshakesOverTime } from "./handshakes-over-time.tsx";
import { ranges, type Range, startOf } from "./ranges.ts";
import { RefusalTable } from "./refusal-table.tsx";

/** Counts come with the nodes' reports, some a minute late. */
const readAgainMs = 30_000;

/** Through which CA clients came in, and why others did not. */
export function HandshakesTab({ set: { caSetId } }: { readonly set: CaSetView }) {
  const [network, setNetwork] = useState<Network>("PRODUCTION");
  const [range, setRange] = useState<Range>(ranges[0]);
  const { data, error } = useQuery({
    ...read("getHandshakes", { params: { caSetId }, query: { network, start: startOf(range, Date.now()) } }),
    refetchInterval: readAgainMs,
  });
  return (
    <>
      <div className="tcm-actions">
        <ToggleGroup aria-label="Network">
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
        <ToggleGroup aria-label="How far back">
          {ranges.map((one) => (
            <ToggleGroupItem
              key={one.key}
              buttonId={`handshakes-${one.key}`}
              text={one.text}
              isSelected={range.key === one.key}
              onChange={() => setRange(one)}
            />
          ))}
        </ToggleGroup>
      </div>
      {error !== null && <ProblemAlert error={error} live={false} />}
      {data === undefined ? error === null && <PagePending /> : <Summary summary={data} range={range} />}
    </>
  );
}

function Summary({ summary, range }: { readonly summary: HandshakeSummary; readonly range: Range }) {
  const { accepted, refused, removedAnchor, lost, anchors, refusals } = summary;
  if (anchors.length === 0 && refusals.length === 0)
    return (
      <EmptyState titleText="No version of the set is on this network" headingLevel="h2">
        <EmptyStateBody>
          Once one is, its edge nodes count through which CA clients come in, and why others do not.
        </EmptyStateBody>
      </EmptyState>
    );
  return (
    <>
      <p className="tcm-block" role="status">
        {`${plural(accepted, "client handshake")} accepted and ${(refused + removedAnchor).toLocaleString("en")} refused in ${range.text}.`}
        {removedAnchor > 0 &&
          ` ${removedAnchor.toLocaleString("en")} of them would have been let in before a CA was removed.`}
        {lost > 0 && ` ${lost.toLocaleString("en")} more were seen and not counted.`}
      </p>
      <HandshakesOverTime summary={summary} />
      <AnchorTable anchors={anchors} />
      {refusals.length > 0 && <RefusalTable refusals={refusals} />}
    </>
  );
}
