import { Button, PageSection, Tab, Tabs, TabTitleText } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { CatchBoundary, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useRef } from "react";
import { read } from "../api/queries.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { Time } from "../text/time.tsx";
import { DeleteSet } from "./delete-set.tsx";
import { DeletionStatus } from "./deletion-status.tsx";
import { NetworkCards } from "./network-cards.tsx";
import { RenameSet } from "./rename-set.tsx";
import { setPageTitle, type SetTab, setTabTitles } from "./set-tabs.ts";
import { TabFailed } from "./tab-failed.tsx";
import { useChosenTabInView } from "./use-chosen-tab-in-view.ts";
import { VersionsTab } from "./versions-tab.tsx";

/** One set: what runs where, its versions, deployments, who uses it, and what was done with it. */
export function CaSetPage() {
  const { caSetId } = useParams({ from: "/ca-sets/$caSetId" });
  const { data: set } = useSuspenseQuery(read("getCaSet", { params: { caSetId } }));
  const { tab = "versions" } = useSearch({ from: "/ca-sets/$caSetId" });
  usePageTitle(setPageTitle(set.caSetName, tab));
  return (
    <PageSection>
      <Head set={set} />
      <DeletionStatus set={set} />
      {set.caSetStatus === "NOT_DELETED" && <NetworkCards set={set} />}
      <Records set={set} />
    </PageSection>
  );
}

function Head({ set }: { readonly set: CaSetView }) {
  const navigate = useNavigate();
  const mayEdit = useMay("edit") && set.caSetStatus === "NOT_DELETED";
  return (
    <div className="tcm-head">
      <div>
        <h1 className="tcm-title tcm-name">{set.caSetName}</h1>
        {set.description !== null && <p>{set.description}</p>}
        <p className="tcm-faint">
          Set {set.caSetId}, created by {set.createdBy}, <Time iso={set.createdDate} />
        </p>
      </div>
      {mayEdit && (
        <div className="tcm-actions">
          <Button
            onClick={() => void navigate({ to: "/ca-sets/$caSetId/new-version", params: { caSetId: set.caSetId } })}
          >
            {set.latestVersion === null ? "Upload Certificates" : "New version"}
          </Button>
          <RenameSet set={set} />
          <DeleteSet set={set} />
        </div>
      )}
    </div>
  );
}

function Records({ set }: { readonly set: CaSetView }) {
  const { tab = "versions" } = useSearch({ from: "/ca-sets/$caSetId" });
  const navigate = useNavigate({ from: "/ca-sets/$caSetId" });
  const around = useRef<HTMLDivElement>(null);
  useChosenTabInView(around, tab);
  return (
    <div ref={around}>
      <Tabs
        activeKey={tab}
        aria-label="Records of the set"
        mountOnEnter
        unmountOnExit
        onSelect={(_, key) => void navigate({ search: { tab: key as SetTab }, replace: true })}
      >
        {tabs.map(({ key, Content }) => (
          <Tab key={key} eventKey={key} title={<TabTitleText>{setTabTitles[key]}</TabTitleText>}>
            <div className="tcm-tab">
              <CatchBoundary getResetKey={() => key} errorComponent={TabFailed}>
                <Suspense fallback={<PagePending />}>
                  <Content set={set} />
                </Suspense>
              </CatchBoundary>
            </div>
          </Tab>
        ))}
      </Tabs>
    </div>
  );
}

/** The others are fetched when they are first opened. */
const DeploymentsTab = lazy(async () => ({ default: (await import("./deployments-tab.tsx")).DeploymentsTab }));
const ExpiryTab = lazy(async () => ({ default: (await import("./expiry-tab.tsx")).ExpiryTab }));
const HandshakesTab = lazy(async () => ({ default: (await import("../handshakes/handshakes-tab.tsx")).HandshakesTab }));
const AssociationsTab = lazy(async () => ({ default: (await import("./associations-tab.tsx")).AssociationsTab }));
const HistoryTab = lazy(async () => ({ default: (await import("./history-tab.tsx")).HistoryTab }));

const tabs = [
  { key: "versions", Content: VersionsTab },
  { key: "deployments", Content: DeploymentsTab },
  { key: "expiry", Content: ExpiryTab },
  { key: "handshakes", Content: HandshakesTab },
  { key: "associations", Content: AssociationsTab },
  { key: "history", Content: HistoryTab },
] as const satisfies readonly { readonly key: SetTab; readonly Content: unknown }[];
