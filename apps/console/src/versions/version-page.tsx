import { Button, PageSection, Split, SplitItem } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { VersionView } from "@tcm/api-contract";
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { read } from "../api/queries.ts";
import { RunsOn } from "../ca-sets/versions-tab.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { ChainTree } from "../structure/chain-tree.tsx";
import { shortName } from "../structure/tree-items.ts";
import { Fingerprint } from "../text/fingerprint.tsx";
import { expiryText, plural } from "../text/time-text.ts";

/** One version: its structure and its certificates, and what can be done with it. */
export function VersionPage() {
  const params = useParams({ from: "/ca-sets/$caSetId/versions/$version" });
  const key = { params: { caSetId: params.caSetId, version: params.version } };
  const [version, chains] = useSuspenseQueries({ queries: [read("getVersion", key), read("getTrustChains", key)] });
  usePageTitle(`${version.data.caSetName} version ${params.version}`);
  return (
    <PageSection>
      <Head version={version.data} />
      <Split hasGutter className="tcm-journey">
        <SplitItem className="tcm-side">
          <h2 className="tcm-heading">Structure</h2>
          <ChainTree structure={chains.data} label={`Structure of version ${params.version}`} />
        </SplitItem>
        <SplitItem isFilled className="tcm-work">
          <h2 className="tcm-heading">{plural(version.data.certificates?.length ?? 0, "certificate")}</h2>
          <Certificates version={version.data} />
        </SplitItem>
      </Split>
    </PageSection>
  );
}

function Head({ version: view }: { readonly version: VersionView }) {
  const { caSetId, caSetName, version, description } = view;
  const navigate = useNavigate();
  const params = { caSetId, version: String(version) };
  const [mayEdit, mayDeploy] = [useMay("edit"), useMay("deploy-staging")];
  const base = `/mtls-edge-truststore/v2/ca-sets/${caSetId}/versions/${version}`;
  return (
    <div className="tcm-head">
      <div>
        <p>
          <Link to="/ca-sets/$caSetId" params={{ caSetId }} className="tcm-name">
            {caSetName}
          </Link>
        </p>
        <h1 className="tcm-title">{`Version ${version}`}</h1>
        {description !== null && <p>{description}</p>}
        <RunsOn version={view} />
        <p className="tcm-faint">{optionWords(view)}</p>
      </div>
      <div className="tcm-actions">
        {mayDeploy && (
          <Button onClick={() => void navigate({ to: "/ca-sets/$caSetId/versions/$version/deploy", params })}>
            Deploy
          </Button>
        )}
        {mayEdit && (
          <Button
            variant="secondary"
            onClick={() =>
              void navigate({ to: "/ca-sets/$caSetId/new-version", params: { caSetId }, search: { from: version } })
            }
          >
            Clone to edit
          </Button>
        )}
        <Button variant="secondary" component="a" href={`${base}/bundle.pem`} download={`${caSetName}-${version}.pem`}>
          Download PEM
        </Button>
      </div>
    </div>
  );
}

export function optionWords(version: VersionView): string {
  const words = [
    version.requireRootCertificate ? "every certificate chains to a root in the set" : "no root is required",
    ...(version.allowDuplicateCommonNames ? ["the same Common Name may appear twice"] : []),
    ...(version.allowInsecureSha1 ? ["SHA-1 signatures are allowed"] : []),
  ];
  return words.join("; ");
}

function Certificates({ version: { certificates = [] } }: { readonly version: VersionView }) {
  const now = Date.now();
  return (
    <Table aria-label="Certificates" variant="compact">
      <Thead>
        <Tr>
          <Th>Subject</Th>
          <Th>Issuer</Th>
          <Th>Expires</Th>
          <Th>SHA-256</Th>
        </Tr>
      </Thead>
      <Tbody>
        {certificates.map(({ fingerprint, subject, issuer, endDate, description }) => (
          <Tr key={fingerprint}>
            <Td dataLabel="Subject">
              <span className="tcm-name" title={subject}>
                {shortName(subject)}
              </span>
              {description !== null && <div className="tcm-faint">{description}</div>}
            </Td>
            <Td dataLabel="Issuer">
              <span className="tcm-name" title={issuer}>
                {shortName(issuer)}
              </span>
            </Td>
            <Td dataLabel="Expires">
              <span title={endDate}>{expiryText(endDate, now)}</span>
            </Td>
            <Td dataLabel="SHA-256">
              <Fingerprint sha256={fingerprint} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
