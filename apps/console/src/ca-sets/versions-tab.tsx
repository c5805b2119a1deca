import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { CaSetView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { useMay } from "../session/session-query.ts";
import { Time } from "../text/time.tsx";
import { RunsOn } from "./runs-on.tsx";

/** Every version, newest first, with where it runs. */
export function VersionsTab({ set: { caSetId } }: { readonly set: CaSetView }) {
  const { data } = useSuspenseQuery(read("listVersions", { params: { caSetId } }));
  const mayDeploy = useMay("deploy-staging");
  const versions = data.versions.toSorted((a, b) => b.version - a.version);
  if (versions.length === 0)
    return (
      <EmptyState titleText="This set has no version yet" headingLevel="h2">
        <EmptyStateBody>A version holds the certificates. Upload the first ones above.</EmptyStateBody>
      </EmptyState>
    );
  return (
    <Table aria-label="Versions" variant="compact">
      <Thead>
        <Tr>
          <Th>Version</Th>
          <Th>What it is for</Th>
          <Th>Runs on</Th>
          <Th>Created</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        {versions.map((version) => (
          <Tr key={version.version}>
            <Td dataLabel="Version">
              <Link to="/ca-sets/$caSetId/versions/$version" params={{ caSetId, version: String(version.version) }}>
                {`version ${version.version}`}
              </Link>
            </Td>
            <Td dataLabel="What it is for">{version.description}</Td>
            <Td dataLabel="Runs on">
              <RunsOn version={version} />
            </Td>
            <Td dataLabel="Created">
              <Time iso={version.createdDate} /> by {version.createdBy}
            </Td>
            <Td isActionCell>
              {mayDeploy && version.caSetVersionStatus === "NOT_DELETED" && (
                <Link
                  to="/ca-sets/$caSetId/versions/$version/deploy"
                  params={{ caSetId, version: String(version.version) }}
                >
                  {`Deploy version ${version.version}`}
                </Link>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
