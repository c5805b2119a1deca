import { Button, PageSection, Split, SplitItem, Tab, Tabs, TabTitleText } from "@patternfly/react-core";
import { useQuery, useSuspenseQueries } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { VersionView } from "@tcm/api-contract";
import { lazy, Suspense } from "react";
import { read } from "../api/queries.ts";
import { ExpiryTimeline } from "../expiry/expiry-timeline.tsx";
import { PagePending } from "../frame/page-pending.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { CertificatesTable } from "../structure/certificates-table.tsx";
import { ChainTree } from "../structure/chain-tree.tsx";
import { shortName } from "../structure/tree-items.ts";
import { plural } from "../text/time-text.ts";
import { beginWindow } from "../text/fetch-window.ts";
import { VersionHead } from "./version-head.tsx";
import { versionPageTitle, type VersionSearch } from "./version-views.ts";

/** The picture is fetched when it is first looked at. */
const Structure = lazy(async () => ({ default: (await import("./structure-view.tsx")).StructureView }));

beginWindow();

const from = "/ca-sets/$caSetId/versions/$version";

/** One version: its structure as a tree, its certificates or its picture beside it, and what can be done with it. */
export function VersionPage() {
  const params = useParams({ from });
  const { view = "certificates", certificate } = useSearch({ from });
  const navigate = useNavigate({ from });
  const key = { params: { caSetId: params.caSetId, version: params.version } };
  const [version, chains] = useSuspenseQueries({ queries: [read("getVersion", key), read("getTrustChains", key)] });
  const trust = useQuery(read("getEffectiveTrust", key));
  usePageTitle(versionPageTitle(`${version.data.caSetName} version ${params.version}`, view));
  const show = (search: VersionSearch): void => void navigate({ search, replace: true, resetScroll: false });
  const look = (fingerprint: string | undefined): void =>
    show({ view: "structure", ...(fingerprint !== undefined && { certificate: fingerprint }) });
  return (
    <PageSection>
      <VersionHead version={version.data} />
      <Split hasGutter className="tcm-journey">
        <SplitItem className="tcm-side">
          <h2 className="tcm-heading">Structure</h2>
          <div className="tcm-tree">
            <ChainTree structure={chains.data} label={`Structure of version ${params.version}`} onSelect={look} />
          </div>
        </SplitItem>
        <SplitItem isFilled className="tcm-work">
          <Tabs
            activeKey={view}
            aria-label="Parts of the version"
            mountOnEnter
            unmountOnExit
            onSelect={(_, chosen) => show({ view: chosen === "structure" ? "structure" : "certificates" })}
          >
            <Tab eventKey="certificates" title={<TabTitleText>Certificates</TabTitleText>}>
              <div className="tcm-tab">
                <Certificates version={version.data} onLook={look} />
              </div>
            </Tab>
            <Tab eventKey="structure" title={<TabTitleText>Chain graph and trust</TabTitleText>}>
              <div className="tcm-tab">
                <Suspense fallback={<PagePending />}>
                  <Structure
                    chains={chains.data}
                    trust={trust.data}
                    error={trust.error}
                    focus={certificate}
                    onFocus={look}
                  />
                </Suspense>
              </div>
            </Tab>
          </Tabs>
        </SplitItem>
      </Split>
    </PageSection>
  );
}

type CertificatesProps = { readonly version: VersionView; readonly onLook: (fingerprint: string) => void };

function Certificates({ version: { certificates = [] }, onLook }: CertificatesProps) {
  return (
    <>
      <h2 className="tcm-heading">{plural(certificates.length, "certificate")}</h2>
      <ExpiryTimeline endDates={certificates.map(({ endDate }) => endDate)} />
      <CertificatesTable
        certificates={certificates}
        label="Certificates"
        name={({ subject, fingerprint }) => (
          <Button variant="link" isInline className="tcm-name" onClick={() => onLook(fingerprint)}>
            {shortName(subject)}
          </Button>
        )}
      />
    </>
  );
}
