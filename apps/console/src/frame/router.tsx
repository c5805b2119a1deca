import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from "@tanstack/react-router";
import type { Network } from "@tcm/core";
import { isSetTab, readSetsSearch, type SetTab } from "../ca-sets/set-tabs.ts";
import { readExpirySearch } from "../expiry/expiry-search.ts";
import { readVersionSearch } from "../versions/version-views.ts";
import { readNodeFilter } from "../edge-nodes/node-filter.ts";
import { Frame } from "./frame.tsx";
import { NotFound } from "./not-found.tsx";
import { PageFailed } from "./page-failed.tsx";
import { PagePending } from "./page-pending.tsx";
import { readAuditSearch } from "../audit/audit-filter.ts";
import { readTesterSearch } from "../tester/tester-target.ts";

export type RouterContext = { readonly queries: QueryClient };

const root = createRootRouteWithContext<RouterContext>()({ component: Frame, notFoundComponent: () => <NotFound /> });

/** Who has signed in already, and follows an old link to it, is at the first page. */
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: () => <Navigate to="/" replace />,
});

/** Pages follow the URL, and each is fetched when it is first opened. */
const landing = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("../landing/landing-page.tsx"), "LandingPage"),
});
const caSets = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets",
  validateSearch: readSetsSearch,
  component: lazyRouteComponent(() => import("../ca-sets/ca-sets-page.tsx"), "CaSetsPage"),
});

const newSet = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets/new",
  component: lazyRouteComponent(() => import("../journey/new-set-page.tsx"), "NewSetPage"),
});
const caSet = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets/$caSetId",
  validateSearch: ({ tab }): { tab?: SetTab } => (isSetTab(tab) ? { tab } : {}),
  component: lazyRouteComponent(() => import("../ca-sets/ca-set-page.tsx"), "CaSetPage"),
});
const newVersion = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets/$caSetId/new-version",
  validateSearch: ({ from }): { from?: number } => (typeof from === "number" ? { from } : {}),
  component: lazyRouteComponent(() => import("../journey/new-version-page.tsx"), "NewVersionPage"),
});
const version = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets/$caSetId/versions/$version",
  validateSearch: readVersionSearch,
  component: lazyRouteComponent(() => import("../versions/version-page.tsx"), "VersionPage"),
});
const editVersion = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets/$caSetId/versions/$version/edit",
  component: lazyRouteComponent(() => import("../journey/edit-version-page.tsx"), "EditVersionPage"),
});
const deploy = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets/$caSetId/versions/$version/deploy",
  validateSearch: ({ networks }): { networks?: Network } =>
    networks === "PRODUCTION" || networks === "STAGING" ? { networks } : {},
  component: lazyRouteComponent(() => import("../deployment/deploy-page.tsx"), "DeployPage"),
});
const deployment = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets/$caSetId/versions/$version/deployments/$activationId",
  component: lazyRouteComponent(() => import("../deployment/deployment-page.tsx"), "DeploymentPage"),
});

const edgeNodes = createRoute({
  getParentRoute: () => root,
  path: "/edge-nodes",
  validateSearch: readNodeFilter,
  component: lazyRouteComponent(() => import("../edge-nodes/edge-nodes-page.tsx"), "EdgeNodesPage"),
});
const addEdgeNode = createRoute({
  getParentRoute: () => root,
  path: "/edge-nodes/new/join",
  component: lazyRouteComponent(() => import("../edge-nodes/add-edge-node-page.tsx"), "AddEdgeNodePage"),
});
const edgeNode = createRoute({
  getParentRoute: () => root,
  path: "/edge-nodes/$nodeId",
  component: lazyRouteComponent(() => import("../edge-nodes/edge-node-page.tsx"), "EdgeNodePage"),
});
const expiring = createRoute({
  getParentRoute: () => root,
  path: "/expiring",
  validateSearch: readExpirySearch,
  component: lazyRouteComponent(() => import("../expiry/expiring-page.tsx"), "ExpiringPage"),
});
const edgeCertificates = createRoute({
  getParentRoute: () => root,
  path: "/edge-certificates",
  component: lazyRouteComponent(
    () => import("../edge-certificates/edge-certificates-page.tsx"),
    "EdgeCertificatesPage",
  ),
});
const tester = createRoute({
  getParentRoute: () => root,
  path: "/try",
  validateSearch: readTesterSearch,
  component: lazyRouteComponent(() => import("../tester/tester-page.tsx"), "TesterPage"),
});
const users = createRoute({
  getParentRoute: () => root,
  path: "/users",
  component: lazyRouteComponent(() => import("../people/users-page.tsx"), "UsersPage"),
});
const credentials = createRoute({
  getParentRoute: () => root,
  path: "/credentials",
  component: lazyRouteComponent(() => import("../people/credentials-page.tsx"), "CredentialsPage"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("../people/settings-page.tsx"), "SettingsPage"),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import("../audit/audit-page.tsx"), "AuditPage"),
});

const tree = root.addChildren([
  signIn,
  landing,
  caSets,
  newSet,
  caSet,
  newVersion,
  version,
  editVersion,
  deploy,
  deployment,
  expiring,
  edgeCertificates,
  edgeNodes,
  edgeNode,
  addEdgeNode,
  tester,
  users,
  credentials,
  audit,
  settings,
]);

export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: ({ error, reset }) => <PageFailed error={error} onRetry={reset} />,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
  interface HistoryState {
    /** Of a journey: the set in which its version lies by now. */
    readonly saved?: { readonly caSetId: string };
  }
}
