import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import type { CaSetView, VersionView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { read } from "../api/queries.ts";
import { useMay } from "../session/session-query.ts";
import type { Order } from "../text/column-order.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import type { Column } from "../text/ordered-head.tsx";
import { SortedTable } from "../text/sorted-table.tsx";
import { Time } from "../text/time.tsx";
import { plural } from "../text/time-text.ts";
import type { Measured } from "../text/virtual-rows.tsx";
import { DeleteVersion } from "../versions/delete-version.tsx";
import { RunsOn } from "./runs-on.tsx";
import { type VersionColumn, versionRows } from "./version-rows.ts";

const rowHeight = 42;
/** More than are seen at a glance. */
const maxUnfiltered = 5;

const columns: readonly Column<VersionColumn>[] = [
  { name: "Version", by: "version" },
  { name: "What it is for", by: "description" },
  { name: "Runs on", by: "runs" },
  { name: "Created", by: "created" },
  { name: "Actions", isUnseen: true },
];

/** Every version, the newest first, with where it runs. */
export function VersionsTab({ set: { caSetId, caSetStatus } }: { readonly set: CaSetView }) {
  const { data } = useSuspenseQuery(read("listVersions", { params: { caSetId } }));
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order<VersionColumn>>({ by: "version", direction: "desc" });
  const rows = versionRows(data.versions, useDeferredValue(words), order);
  if (data.versions.length === 0)
    return (
      <EmptyState titleText="This set has no version yet" headingLevel="h2">
        <EmptyStateBody>A version holds the certificates. Upload the first ones above.</EmptyStateBody>
      </EmptyState>
    );
  return (
    <>
      {data.versions.length > maxUnfiltered && (
        <FilterBar
          label="Filter by number, purpose or maker"
          words={words}
          onWords={setWords}
          found={`${rows.length} of ${plural(data.versions.length, "version")}`}
        />
      )}
      <SortedTable
        label="Versions"
        columns={columns}
        order={order}
        onOrder={setOrder}
        rows={rows}
        rowHeight={rowHeight}
        row={(version, i, measured) => (
          <Row
            key={version.version}
            version={version}
            isOfUse={caSetStatus === "NOT_DELETED" && version.caSetVersionStatus === "NOT_DELETED"}
            index={i}
            measured={measured}
          />
        )}
      />
      {rows.length === 0 && <p className="tcm-faint">No version has these words.</p>}
    </>
  );
}

type RowProps = {
  readonly version: VersionView;
  /** Neither it nor its set is deleted. */
  readonly isOfUse: boolean;
  readonly index: number;
  readonly measured: Measured;
};

function Row({ version: view, isOfUse, index, measured }: RowProps) {
  const { caSetId, version, description, createdDate, createdBy } = view;
  return (
    <Tr aria-rowindex={index + 2} {...measured}>
      <Td dataLabel="Version">
        <Link to="/ca-sets/$caSetId/versions/$version" params={{ caSetId, version: String(version) }}>
          {`version ${version}`}
        </Link>
      </Td>
      <Td dataLabel="What it is for">{description !== null && <span className="tcm-name">{description}</span>}</Td>
      <Td dataLabel="Runs on">
        <RunsOn version={view} />
      </Td>
      <Td dataLabel="Created">
        <span>
          <Time iso={createdDate} /> by {createdBy}
        </span>
      </Td>
      <Td isActionCell>{isOfUse && <Actions version={view} />}</Td>
    </Tr>
  );
}

function Actions({ version: view }: { readonly version: VersionView }) {
  const { caSetId, version } = view;
  const [mayEdit, mayDeploy] = [useMay("edit"), useMay("deploy-staging")];
  return (
    <div className="tcm-actions">
      {mayDeploy && (
        <Link
          to="/ca-sets/$caSetId/versions/$version/deploy"
          params={{ caSetId, version: String(version) }}
          aria-label={`Deploy version ${version}`}
        >
          Deploy
        </Link>
      )}
      {mayEdit && (
        <Link
          to="/ca-sets/$caSetId/new-version"
          params={{ caSetId }}
          search={{ from: version }}
          aria-label={`Clone to edit version ${version}`}
        >
          Clone to edit
        </Link>
      )}
      {mayEdit && <DeleteVersion version={view} isInline />}
    </div>
  );
}
