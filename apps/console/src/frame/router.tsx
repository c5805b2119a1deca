import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Frame } from "./frame.tsx";
import { NotFound } from "./not-found.tsx";
import { PageFailed } from "./page-failed.tsx";
import { PagePending } from "./page-pending.tsx";

export type RouterContext = { readonly queries: QueryClient };

const root = createRootRouteWithContext<RouterContext>()({ component: Frame, notFoundComponent: NotFound });

/** Pages follow the URL, and each is fetched when it is first opened. */
const landing = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("../landing/landing-page.tsx"), "LandingPage"),
});
const caSets = createRoute({
  getParentRoute: () => root,
  path: "/ca-sets",
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
  component: lazyRouteComponent(() => import("../ca-sets/ca-set-page.tsx"), "CaSetPage"),
});

const tree = root.addChildren([landing, caSets, newSet, caSet]);

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
}
